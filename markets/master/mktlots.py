"""NSE's lot sizes, `fo_mktlots.csv`, in both layouts: one column of lots, or one for each contract month.

    Symbol,Lot Size                    UNDERLYING          ,SYMBOL    ,OCT-25     ,NOV-25     ,
    BANKNIFTY,35                       NIFTY BANK          ,BANKNIFTY ,35         ,35         ,

A lot belongs to the contract: where months are told, an empty one has no contract. Headings between the
sections of the file are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from markets.master.figures import Figure
from markets.master.names import canonical
from markets.master.opening import opened
from markets.master.rows import Bad, MasterUnreadable, Skip, numbered_lines
from markets.master.values import MONTHS, RowProblem, count

_MONTH = re.compile(r"([A-Z]{3})-(\d{2})")
SYMBOL, LOT = "SYMBOL", "LOT SIZE"


def parse(path: Path) -> Iterator[Figure | Bad | Skip]:
    """Lots by underlying, or by underlying and month."""
    with opened(path) as stream:
        lines = numbered_lines(stream)
        _, text = next(lines, (0, ""))
        heading = [name.upper() for name in _cells(text)]
        while heading and not heading[-1]:
            heading.pop()
        months: dict[int, date | None] = {
            place: _month(name) for place, name in enumerate(heading) if _MONTH.fullmatch(name)
        }
        months |= {place: None for place, name in enumerate(heading) if name == LOT}
        if SYMBOL not in heading or not months:
            raise MasterUnreadable(
                f"The lot file needs columns Symbol and Lot Size or months; it has {text!r}."
            )
        for line, text in lines:
            yield from _figures(line, text, heading, months)


def _figures(
    line: int, text: str, heading: list[str], months: dict[int, date | None]
) -> Iterator[Figure | Bad | Skip]:
    cells = _cells(text)
    while len(cells) > len(heading) and not cells[-1]:
        cells.pop()
    try:
        if len(cells) != len(heading):
            raise RowProblem("ragged", f"{len(cells)} values where the header has {len(heading)}")
        name = cells[heading.index(SYMBOL)]
        if name.upper() == SYMBOL:
            yield Skip(line, "heading")
        elif not any(cells[place] for place in months):
            yield Skip(line, "no lots")
        else:
            # all of a line or nothing of it
            yield from [
                Figure(line, canonical(name), "lot_size", count(cells[place], what="lot", least=1), month)
                for place, month in months.items()
                if cells[place]
            ]
    except RowProblem as problem:
        yield Bad(line, problem.code, problem.reason, text)


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.split(",")]


def _month(name: str) -> date:
    return date(2000 + int(name[4:]), MONTHS.get(name[:3], 1), 1)

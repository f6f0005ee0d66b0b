"""NSE's strike scheme, `sos_scheme.csv`: the steps of strikes offered for each underlying and contract month.

The first line is the day (DDMMYYYY), then a heading. An underlying has a line for its narrow and one for its
wide step in each of the months M1 (nearest) to M3.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from markets.master.figures import Figure
from markets.master.names import canonical
from markets.master.opening import opened
from markets.master.rows import Bad, MasterUnreadable, Reader, Skip, numbered_lines
from markets.master.values import RowProblem, day_numbers, rupees_to_paise

NEEDS = ("Symbol", "Month type", "Symbol Type", "Step Value")


def parse(path: Path) -> Iterator[Figure | Bad | Skip]:
    """Strike steps by underlying and month."""
    with opened(path) as stream:
        reader = Reader(stream, needs=NEEDS, preamble=1)
        for line, fields in reader.records():
            yield fields if isinstance(fields, Bad) else _figure(line, fields)


def day_in(path: Path) -> date:
    """The day in the first line. MasterUnreadable when there is none."""
    with opened(path) as stream:
        _, text = next(numbered_lines(stream), (0, ""))
    try:
        return day_numbers(text.strip(" ,\r\n"))
    except RowProblem:
        raise MasterUnreadable(
            f"A strike scheme begins with its day; this file with {text[:40]!r}."
        ) from None


def _figure(line: int, fields: dict[str, str]) -> Figure | Bad:
    try:
        step = rupees_to_paise(fields["Step Value"], what="step")
        if step == 0:
            raise RowProblem("bad_price", "step 0")
    except RowProblem as problem:
        return Bad(line, problem.code, problem.reason, ",".join(fields.values()))
    return Figure(line, canonical(fields["Symbol"]), "strike_step", step, series=fields["Month type"])

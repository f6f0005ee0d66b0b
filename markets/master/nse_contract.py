"""The exchange's own contract master, NNF `contract.txt`: pipe-delimited, no header, first line `NEATFO|…`.

Times are seconds since 1 January 1980 in Indian time, strikes are × 100 (-1 on futures), the freeze figure is
the smallest quantity that is refused. Layout: NSE, NNF protocol for futures and options, contract file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import IO

from markets.master.names import canonical
from markets.master.rows import MasterRow, MasterUnreadable, Outcome, Skip, guarded, numbered_lines
from markets.master.values import RowProblem, count, day_nse, paise, strike_to_paise

MAGIC = "NEATFO"
FIELDS = 69
TOKEN, INSTRUMENT, SYMBOL, EXPIRY, STRIKE, RIGHT = 0, 2, 3, 6, 7, 8
LOT, TICK, FREEZE, UPDATED, NAME, DELETED = 31, 32, 34, 47, 53, 68
KINDS = {("FUT", "XX"): "FUT", ("OPT", "CE"): "CE", ("OPT", "PE"): "PE"}


def parse(stream: IO[bytes]) -> Iterator[Outcome]:
    """Contracts of the file. Deleted and empty places in the token range are skipped."""
    lines = numbered_lines(stream)
    _, first = next(lines, (0, ""))
    if first.split("|")[0] != MAGIC:
        raise MasterUnreadable(f"An NSE contract file begins with {MAGIC}; this one with {first[:40]!r}.")
    for line, text in lines:
        yield guarded(line, text, lambda line=line, text=text: _row(line, text))  # type: ignore[misc]


def written_in(stream: IO[bytes]) -> date | None:
    """The day the exchange last wrote one of the first contracts: the evening before the day traded by it."""
    days = [day for _, text in islice(numbered_lines(stream), 1, 200) if (day := _updated(text))]
    return max(days, default=None)


def _updated(text: str) -> date | None:
    fields = text.split("|")
    try:
        return day_nse(fields[UPDATED]) if len(fields) == FIELDS else None
    except RowProblem:
        return None


def _row(line: int, text: str) -> MasterRow | Skip:
    fields = text.split("|")
    if len(fields) != FIELDS:
        raise RowProblem("ragged", f"{len(fields)} values where the layout has {FIELDS}")
    if fields[DELETED] == "Y" or not fields[INSTRUMENT]:
        return Skip(line, "empty place or deleted contract")
    kind = KINDS.get((fields[INSTRUMENT][:3], fields[RIGHT]))
    if kind is None:
        return Skip(line, f"{fields[INSTRUMENT]} {fields[RIGHT]}")
    strike = None if kind == "FUT" else strike_to_paise(fields[STRIKE], symbol=fields[NAME], in_paise=True)
    return MasterRow(
        line,
        "NSE",
        canonical(fields[SYMBOL]),
        kind,
        day_nse(fields[EXPIRY]),
        strike,
        lot_size=count(fields[LOT], what="lot"),
        tick_paise=paise(fields[TICK], what="tick"),
        freeze_qty=_freeze(fields[FREEZE]),
        exchange_token=fields[TOKEN],
        symbol=fields[NAME],
        token=fields[TOKEN],
        segment="FO",
    )


def _freeze(text: str) -> int | None:
    """The largest quantity taken; the file states the smallest refused, 0 when there is no limit."""
    refused = count(text, what="freeze quantity")
    return refused - 1 if refused else None

"""The index of a day: its rows as arrays on the bars of the options."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from markets.domain.calendar import DaySession
from markets.domain.sessions import MOST_PAISE, Ohlc, whole
from markets.session_files import SessionDataError
from markets.session_rows import (
    ONE_MINUTE_US,
    Floats,
    Ints,
    commonest_gap,
    inside,
    naive_us,
    numbers,
    stamps_us,
    to_paise,
)

BAR_COLUMNS = ("open", "high", "low")
Starts = NDArray[np.intp]


@dataclass(slots=True)
class IndexRows:
    """The index by bar: time of the bar (µs of naive IST), spot in paise (0 = none), VIX (NaN = none), and
    where the file has them open, high and low of the bar in paise.
    """

    ts: Ints
    spot: Ints
    vix: Floats
    bars: tuple[Ints, Ints, Ints] | None = None
    warnings: Counter[str] = field(default_factory=Counter)

    def on(self, stamps: Ints) -> tuple[tuple[int | None, ...], tuple[float | None, ...]]:
        """Spot and VIX of each stamp, None where the index has none; `stamps` must contain all of `ts`."""
        spot, vix = np.zeros(len(stamps), dtype=np.int64), np.full(len(stamps), np.nan)
        place = np.searchsorted(stamps, self.ts)
        spot[place], vix[place] = self.spot, self.vix
        return (
            tuple(value or None for value in spot.tolist()),
            tuple(None if isnan(value) else value for value in vix.tolist()),
        )

    def ohlc_on(self, stamps: Ints) -> Ohlc | None:
        """The bars of the index at each stamp (0 where it has none); None when the file has closes only."""
        if self.bars is None:
            return None
        grid = np.zeros((4, len(stamps)), dtype=np.int32)
        grid[:, np.searchsorted(stamps, self.ts)] = (*self.bars, self.spot)
        return whole(*grid)


def index_rows(table: pa.Table, path: Path, spot_column: str, hours: DaySession, bar: int) -> IndexRows:
    """The index rows of a day on the bars of the options; SessionDataError `index_too_coarse` when its bars
    are longer.

    Of a finer index the last row inside each bar counts: what was known when the bar ended. `bar` 0: the
    rows are instants and stay as they are.
    """
    rows = _read(table, path, spot_column, hours, at_close=not bar)
    step = commonest_gap(rows.ts) if bar and len(rows.ts) > 1 else bar
    if step > bar:
        raise SessionDataError(
            f"The bars of {path.name} are {_minutes(step)} long, those of the options {_minutes(bar)}; the "
            "index must be at least as fine as the options.",
            code="index_too_coarse",
            file=str(path),
        )
    if not bar:
        rows.bars = None  # instants have no inside
    return rows if step == bar else _coarser(rows, naive_us(hours.open), bar)


def _read(table: pa.Table, path: Path, spot_column: str, hours: DaySession, *, at_close: bool) -> IndexRows:
    """The rows inside the hours, the first of each time, ascending."""
    stamps = stamps_us(table)
    within = inside(stamps, hours, at_close=at_close)
    ts, first = np.unique(stamps[within], return_index=True)

    def column(name: str) -> Floats:
        values: Floats = numbers(table, path, name)[within][first]
        return values

    has_bars = all(name in table.column_names for name in BAR_COLUMNS)
    vix = column("vix") if "vix" in table.column_names else np.full(len(ts), np.nan)
    rows = IndexRows(ts, to_paise(column(spot_column)), vix)
    if has_bars:
        opened, high, low = (to_paise(column(name)) for name in BAR_COLUMNS)
        rows.bars = (opened, high, low)
    rows.warnings += Counter(outside_session=int((~within).sum()), duplicates=int(within.sum()) - len(first))
    return rows


def _coarser(rows: IndexRows, origin: int, bar: int) -> IndexRows:
    start = origin + (rows.ts - origin) // bar * bar
    last = np.flatnonzero(np.append(start[1:] != start[:-1], True)) if len(start) else start
    first = np.append(0, last[:-1] + 1) if len(last) else last
    bars = _merged(rows.bars, first) if rows.bars and len(last) else rows.bars
    return IndexRows(start[last], rows.spot[last], rows.vix[last], bars, rows.warnings)


def _merged(bars: tuple[Ints, Ints, Ints], first: Starts) -> tuple[Ints, Ints, Ints]:
    """Finer bars as one each: from the first open over all highs and lows."""
    opened, high, low = bars
    none = MOST_PAISE + 1
    lowest = np.minimum.reduceat(np.where(low > 0, low, none), first)
    return opened[first], np.maximum.reduceat(high, first), np.where(lowest < none, lowest, 0)


def _minutes(us: int) -> str:
    return f"{us / ONE_MINUTE_US:g} min"

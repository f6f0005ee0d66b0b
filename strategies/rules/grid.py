"""Candles of whole histories: which minutes make which candle, and what was known when.

A *close* is an instant at which a candle of one of the rule's timeframes ends. What a rule reads is a column
with one value per close.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from strategies.rules.bars import Candles, Floats, Ints, RuleHistory
from strategies.rules.timeframes import MINUTE_US, candle_end

Flags = NDArray[np.bool_]

IST_US: Final = 19_800_000_000  # IST is UTC + 5:30, all year
DAY_US: Final = 86_400_000_000


class Grid:
    """The closes of a history in given timeframes, oldest first; candles not over by its end are none."""

    def __init__(self, history: RuleHistory, timeframes: Iterable[int]) -> None:
        self.history = history
        ends = {minutes: self._ends(minutes) for minutes in timeframes}
        last = history.at[-1] if len(history) else 0
        closed = [found[found <= last] for found in ends.values()]
        self.closes: Ints = np.unique(np.concatenate(closed))
        self.frames = {minutes: Frame(self, found) for minutes, found in ends.items()}

    def __len__(self) -> int:
        return len(self.closes)

    def _ends(self, minutes: int) -> Ints:
        history = self.history
        ends: Ints = candle_end(minutes, history.at, history.opens, history.closes, history.day_closes)
        return ends

    @property
    def openings(self) -> Flags:
        """The minutes that are the first there are of a trading day, unless the history begins inside it."""
        days = (self.history.at + IST_US) // DAY_US
        first = np.diff(days, prepend=-1) > 0
        first[:1] &= self.history.at[:1] - MINUTE_US <= self.history.opens[:1]
        return first

    def seconds(self) -> Floats:
        """The time of day in IST at each close."""
        return ((self.closes + IST_US) % DAY_US) / 1e6

    def closing(self, clock: Iterable[int]) -> Ints:
        """The closes at which a candle of one of these timeframes ends."""
        places = [self.frames[minutes].place for minutes in clock]
        return np.unique(np.concatenate(places)) if places else np.arange(len(self))

    def minutes(self) -> tuple[Ints, Ints]:
        """The minutes that end with a close, and those closes. A close no minute ended with was noticed too
        late to act on.
        """
        found = np.searchsorted(self.closes, self.history.at)
        there = found < len(self)
        there[there] = self.closes[found[there]] == self.history.at[there]
        return np.flatnonzero(there), found[there]


class Frame:
    """The candles of one timeframe. `place` is each candle's close in the grid."""

    def __init__(self, grid: Grid, ends: Ints) -> None:
        starts = np.flatnonzero(np.diff(ends, prepend=-1))
        self._grid = grid
        self._candle = np.cumsum(np.diff(ends, prepend=-1) != 0) - 1  # of each minute
        self.ends: Ints = ends[starts]
        count = int(np.count_nonzero(self.ends <= (grid.history.at[-1] if len(ends) else 0)))
        self.ends = self.ends[:count]
        self._minutes = int(np.searchsorted(self._candle, count))
        self.place: Ints = np.searchsorted(grid.closes, self.ends)
        self.marks: Flags = grid.openings[starts[:count]]

    def candles(self, instrument: str) -> Candles:
        """An instrument's candles; NaN where it did not trade."""
        history, count = self._grid.history, len(self.ends)
        minutes = history.candles.get(instrument)
        empty = Candles(*(np.full(count, np.nan) for _ in range(5)))
        if minutes is None:
            return empty
        minutes = minutes.part(slice(self._minutes))
        there = np.isfinite(minutes.open + minutes.high + (minutes.low + minutes.close))
        if not there.any():
            return empty
        traded, of = minutes.part(there), self._candle[: self._minutes][there]
        starts = np.flatnonzero(np.diff(of, prepend=-1))
        ends = np.append(starts[1:], len(of)) - 1
        made = (
            traded.open[starts],
            np.maximum.reduceat(traded.high, starts),
            np.minimum.reduceat(traded.low, starts),
            traded.close[ends],
            np.bincount(of, weights=traded.volume, minlength=count)[of[starts]],
        )
        for column, values in zip(empty, made, strict=True):
            column[of[starts]] = values
        return empty

    def facts(self, column: Floats | None) -> Floats:
        """A fact as it stood at each candle's end."""
        if column is None:
            return np.full(len(self.ends), np.nan)
        found: Floats = column[np.searchsorted(self._grid.history.at, self.ends, side="right") - 1]
        return found

    def held(self, values: Floats) -> Floats:
        """Values by candle as a column of closes: each stands until the next candle ends."""
        if len(self.place) == len(self._grid):
            return values
        known = np.searchsorted(self.place, np.arange(len(self._grid)), side="right")
        return np.append(np.nan, values)[known]

"""Longer bars from one-minute bars: the one way there is, live, from history and from the store."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from markets.domain.bars import Bars, DayGrid, Interval, Ints, Slots
from markets.domain.calendar import DaySession

VALUES = ("open", "high", "low", "close", "volume", "oi", "total")


class Minutes(NamedTuple):
    """Closed bars: place of the instrument, number of the bar in its day. By instrument, then time."""

    place: Ints
    bar: Ints
    open: Ints
    high: Ints
    low: Ints
    close: Ints
    volume: Ints
    oi: Ints
    total: Ints

    def joined(self, later: Minutes) -> Minutes:
        """Both, by instrument and then time; of one instrument `later` holds the later ones."""
        if not len(self.place) or not len(later.place):
            return self if len(self.place) else later
        both = Minutes(*(np.concatenate(pair) for pair in zip(self, later, strict=True)))
        return both.take(np.argsort(both.place, kind="stable"))

    def take(self, rows: Ints) -> Minutes:
        """Those at these places."""
        return Minutes(*(column[rows] for column in self))

    def as_bars(self, keys: Ints, slots: Slots, interval: Interval = 1) -> Bars:
        """With the instruments' keys and the time each bar starts."""
        return Bars(interval, keys[self.place], slots.start_us[self.bar], *self[2:])


def group_starts(place: Ints, bar: Ints) -> Ints:
    """Where a new (instrument, bar) begins."""
    return np.flatnonzero(np.append(True, (place[1:] != place[:-1]) | (bar[1:] != bar[:-1])))


class Rollup:
    """The bars of one longer interval that are still growing, one per instrument."""

    def __init__(self, interval: Interval, grid: DayGrid, count: int) -> None:
        self.interval = interval
        self.slots = grid.slots(interval)
        self._bar = np.full(count, -1, dtype=np.int64)
        self._values = np.zeros((len(VALUES), count), dtype=np.int64)

    def grow(self, more: int) -> None:
        """Room for further instruments."""
        self._bar = np.append(self._bar, np.full(more, -1, dtype=np.int64))
        self._values = np.concatenate([self._values, np.zeros((len(VALUES), more), dtype=np.int64)], axis=1)

    def add(self, minutes: Minutes) -> Minutes:
        """Take closed minutes in; the bars that are over because a minute of a later one came."""
        if not len(minutes.place):
            return minutes
        new = _grouped(minutes, self.slots.of_minute[minutes.bar])
        head = np.flatnonzero(np.append(True, new.place[1:] != new.place[:-1]))
        tail = np.append(head[1:], len(new.place)) - 1
        going_on = self._bar[new.place[head]] == new.bar[head]
        before = self._close(new.place[head[~going_on]])
        self._join(new, head[going_on])
        self._bar[new.place[tail]] = new.bar[tail]
        for row, column in zip(self._values, new[2:], strict=True):
            row[new.place[tail]] = column[tail]
        over = np.ones(len(new.place), dtype=bool)
        over[tail] = False
        return before.joined(new.take(np.flatnonzero(over)))

    def pass_on(self, place: Ints, minute: Ints) -> Minutes:
        """Instruments that have moved on to these minutes: their bars before them are over."""
        known = self._bar[place]
        return self._close(place[(known >= 0) & (known < self.slots.of_minute[minute])])

    def close_until(self, at_us: int) -> Minutes:
        """The bars that end at or before `at_us`."""
        ended = int(np.searchsorted(self.slots.end_us, at_us, side="right"))
        return self._close(np.flatnonzero((self._bar >= 0) & (self._bar < ended)))

    def _close(self, place: Ints) -> Minutes:
        place = place[self._bar[place] >= 0]
        closed = Minutes(place, self._bar[place], *(row[place] for row in self._values))
        self._bar[place] = -1
        return closed

    def _join(self, new: Minutes, at: Ints) -> None:
        """Put what the growing bar already holds in front of the pieces at `at`."""
        opened, high, low, _, volume, *_ = (row[new.place[at]] for row in self._values)
        new.open[at] = opened
        new.high[at] = np.maximum(new.high[at], high)
        new.low[at] = np.minimum(new.low[at], low)
        new.volume[at] += volume


def _grouped(minutes: Minutes, bar: Ints) -> Minutes:
    starts = group_starts(minutes.place, bar)
    ends = np.append(starts[1:], len(bar)) - 1
    return Minutes(
        place=minutes.place[starts],
        bar=bar[starts],
        open=minutes.open[starts],
        high=np.maximum.reduceat(minutes.high, starts),
        low=np.minimum.reduceat(minutes.low, starts),
        close=minutes.close[ends],
        volume=np.add.reduceat(minutes.volume, starts),
        oi=minutes.oi[ends],
        total=minutes.total[ends],
    )


def aggregate(bars: Bars, interval: Interval, session: DaySession) -> Bars:
    """Longer bars of one day from shorter ones, which must divide them; those outside the day's hours are
    left out.
    """
    grid = DayGrid(session)
    minute = grid.minute_of(bars.ts_us)
    keys, place = np.unique(bars.key, return_inverse=True)
    rows = np.lexsort((bars.ts_us, place))
    rows = rows[minute[rows] >= 0]
    values = (getattr(bars, name)[rows] for name in VALUES)
    rollup = Rollup(interval, grid, len(keys))
    part = rollup.add(Minutes(place[rows], minute[rows], *values))
    rest = rollup.close_until(grid.close_us)
    return part.joined(rest).as_bars(keys, rollup.slots, interval).ordered()

"""Bars as arrays, and the grid of a trading day they lie on.

A bar is stamped at its start. Bars are aligned to the open of their sitting, so the 60-minute ones of an
ordinary day start at 09:15, and each sitting of a day with two starts its own. Times are µs since 1970 (UTC),
prices paise, volume and open interest units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from markets.domain.calendar import DaySession

Ints = NDArray[np.int64]
Interval = int | Literal["day"]

INTERVALS: tuple[Interval, ...] = (1, 3, 5, 15, 30, 60, "day")
MINUTE_US = 60_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """An aware time as µs since 1970 (UTC)."""
    return (at - EPOCH) // MICROSECOND


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """Closed bars of one interval, one array per field, all of the same length. `key` is the instrument,
    `total` the day's volume at the end of the bar (-1 = never told).
    """

    interval: Interval
    key: Ints
    ts_us: Ints
    open: Ints
    high: Ints
    low: Ints
    close: Ints
    volume: Ints
    oi: Ints
    total: Ints

    def __len__(self) -> int:
        return len(self.key)

    def take(self, rows: Ints | NDArray[np.bool_]) -> Bars:
        """The bars at these places, or of this mask."""
        return Bars(self.interval, *(getattr(self, name)[rows] for name in COLUMNS))

    def ordered(self) -> Bars:
        """By time, then instrument."""
        return self.take(np.lexsort((self.key, self.ts_us)))


COLUMNS = tuple(each.name for each in fields(Bars) if each.name != "interval")


def no_bars(interval: Interval) -> Bars:
    """Bars of an interval, none at all."""
    return Bars(interval, *(np.empty(0, dtype=np.int64) for _ in COLUMNS))


def concat(parts: Sequence[Bars], interval: Interval) -> Bars:
    """All bars of one interval behind each other."""
    chosen = [part for part in parts if part.interval == interval]
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        return no_bars(interval)
    return Bars(interval, *(np.concatenate([getattr(part, name) for part in chosen]) for name in COLUMNS))


class Slots(NamedTuple):
    """The bars of an interval in a day: which bar each minute belongs to, and each bar's start and end."""

    of_minute: Ints
    start_us: Ints
    end_us: Ints


class DayGrid:
    """The minutes of a trading day, numbered over all sittings, and the bars of any interval over them."""

    def __init__(self, session: DaySession) -> None:
        self._sittings = [(micros(start), micros(end)) for start, end in session.sittings]
        self.open_us, self.close_us = self._sittings[0][0], self._sittings[-1][1]
        self.minutes = self.slots(1)

    def __len__(self) -> int:
        return len(self.minutes.start_us)

    def minute_of(self, at_us: Ints) -> Ints:
        """The minute each instant lies in, -1 outside the sittings (a close belongs to none)."""
        minute = np.full(len(at_us), -1, dtype=np.int64)
        first = 0
        for start, end in self._sittings:
            inside = (at_us >= start) & (at_us < end)
            minute[inside] = first + (at_us[inside] - start) // MINUTE_US
            first += -(-(end - start) // MINUTE_US)
        return minute

    def slots(self, interval: Interval) -> Slots:
        """The bars of an interval; the last one of a sitting may be shorter, the day is one bar."""
        if interval == "day":
            minutes = sum(-(-(end - start) // MINUTE_US) for start, end in self._sittings)
            edges = (np.array([self.open_us]), np.array([self.close_us]))
            return Slots(np.zeros(minutes, dtype=np.int64), *edges)
        step = interval * MINUTE_US
        starts = [np.arange(start, end, step, dtype=np.int64) for start, end in self._sittings]
        ends = [np.minimum(part + step, end) for part, (_, end) in zip(starts, self._sittings, strict=True)]
        return Slots(self._bar_of_minute(interval, starts), np.concatenate(starts), np.concatenate(ends))

    def _bar_of_minute(self, interval: int, starts: list[Ints]) -> Ints:
        parts, first = [], 0
        for (start, end), bars in zip(self._sittings, starts, strict=True):
            minutes = np.arange(-(-(end - start) // MINUTE_US), dtype=np.int64)
            parts.append(first + minutes // interval)
            first += len(bars)
        return np.concatenate(parts)

"""Where sessions begin, and levels that stand for a session: pivots, previous day, opening range."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from strategies.indicators.bars import Bar, Flags, Floats
from strategies.indicators.base import Indicator, Param, Values
from strategies.indicators.turns import Turn


class Sessions:
    """Remembers the opening of a session for instruments that trade for the first time later in it.

    `position` counts the bars of the session by the clock, whoever traded; -1 before an opening was seen.
    """

    def __init__(self, n: int) -> None:
        self.position = np.full(n, -1, dtype=np.int64)
        self._open = np.zeros(n, dtype=np.bool_)

    def hear(self, bar: Bar) -> None:
        """Note the marks of a bar, also of those who did not trade in it."""
        self.position += self.position >= 0
        if bar.new_session.any():
            self._open |= bar.new_session
            self.position[bar.new_session if bar.new_session.shape else slice(None)] = 0

    def opening(self, turn: Turn) -> Flags:
        """Who trades for the first time in this session."""
        first = self._open[turn.at].copy()
        self._open[turn.at] = False
        return first


class DayBars:
    """The running session's open, high, low, close, and those of the one before.

    A session whose opening was not seen has none: a part of a day has other extremes than the day.
    """

    def __init__(self, n: int) -> None:
        self.sessions = Sessions(n)
        self.today, self.before = np.full((4, n), np.nan), np.full((4, n), np.nan)

    def update(self, bar: Bar, turn: Turn) -> None:
        opening = self.sessions.opening(turn)
        now = np.stack([bar.take(name, turn.at) for name in ("open", "high", "low", "close")])
        running = self.today[:, turn.at]
        if opening.any():
            self.before[:, turn.at] = np.where(opening, running, self.before[:, turn.at])
            running = np.where(opening, now, running)
        extended = [running[0], np.maximum(running[1], now[1]), np.minimum(running[2], now[2])]
        seen = np.where(np.isnan(running[0]), np.nan, now[3])
        self.today[:, turn.at] = np.stack([*extended, seen])

    def previous(self, turn: Turn) -> tuple[Floats, ...]:
        return tuple(self.before[:, turn.at].copy())


class _DayLevels(Indicator):
    needs_sessions = True

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._days = DayBars(n)

    @classmethod
    def warmup(cls, values: Values) -> int:
        return 1

    def hear(self, bar: Bar) -> None:
        self._days.sessions.hear(bar)


class PreviousDay(_DayLevels):
    """Open, high, low and close of the previous session."""

    name, title = "previous_day", "Previous day's levels"
    outputs: ClassVar[tuple[str, ...]] = ("open", "high", "low", "close")

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        self._days.update(bar, turn)
        return self._days.previous(turn)


class Pivots(_DayLevels):
    """Classic pivots of the previous session: P = (H+L+C)/3, r1 = 2P-L, s1 = 2P-H, r2 and s2 = P ± (H-L),
    r3 and s3 = P ± 2(H-L).
    """

    name, title = "pivots", "Classic pivots"
    outputs: ClassVar[tuple[str, ...]] = ("p", "r1", "r2", "r3", "s1", "s2", "s3")

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        self._days.update(bar, turn)
        _, high, low, close = self._days.previous(turn)
        pivot, width = (high + low + close) / 3, high - low
        above = (2 * pivot - low, pivot + width, pivot + 2 * width)
        return (pivot, *above, 2 * pivot - high, pivot - width, pivot - 2 * width)


class OpeningRange(Indicator):
    """Highest high and lowest low of the session's first `bars` bars, known once these are over.

    The bars are the clock's: an instrument that did not trade in some of them has the range of the others,
    and none if it did not trade at all.
    """

    name, title = "orb", "Opening range"
    params: ClassVar[tuple[Param, ...]] = (
        Param("bars", 15, "bars from the opening that make the range", low=1, high=1000),
    )
    outputs: ClassVar[tuple[str, ...]] = ("high", "low")
    needs_sessions = True

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._sessions = Sessions(n)
        self._bars = int(values["bars"])
        self._high, self._low = np.full(n, np.nan), np.full(n, np.nan)

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["bars"]) + 1

    def hear(self, bar: Bar) -> None:
        self._sessions.hear(bar)

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        opening = self._sessions.opening(turn)
        position = self._sessions.position[turn.at]
        inside = (position >= 0) & (position < self._bars)
        high = np.where(opening, np.nan, self._high[turn.at])
        low = np.where(opening, np.nan, self._low[turn.at])
        high = np.where(inside, np.fmax(high, bar.take("high", turn.at)), high)
        low = np.where(inside, np.fmin(low, bar.take("low", turn.at)), low)
        self._high[turn.at], self._low[turn.at] = high, low
        over = position >= self._bars
        return np.where(over, high, np.nan), np.where(over, low, np.nan)

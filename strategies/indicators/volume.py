"""Indicators of price and volume together. Indices have no volume: these refuse them."""

from __future__ import annotations

import numpy as np

from strategies.indicators import cells
from strategies.indicators.bars import Bar, Floats
from strategies.indicators.base import Indicator, Values
from strategies.indicators.sessions import Sessions
from strategies.indicators.turns import Turn


class Vwap(Indicator):
    """Volume-weighted average price since the session opened: Σ (H+L+C)/3 · volume / Σ volume.

    Nothing while nothing was traded, and nothing in a session whose opening was not seen.
    """

    name, title = "vwap", "Volume-weighted average price"
    needs_volume = True
    needs_sessions = True

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._sessions = Sessions(n)
        self._value, self._volume = np.full(n, np.nan), np.full(n, np.nan)

    @classmethod
    def warmup(cls, values: Values) -> int:
        return 1

    def hear(self, bar: Bar) -> None:
        self._sessions.hear(bar)

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        volume = bar.take("volume", turn.at)
        opening = self._sessions.opening(turn)
        value = np.where(opening, 0.0, self._value[turn.at]) + bar.take("hlc3", turn.at) * volume
        traded = np.where(opening, 0.0, self._volume[turn.at]) + volume
        self._value[turn.at], self._volume[turn.at] = value, traded
        return (cells.ratio(value, traded, np.nan),)


class Obv(Indicator):
    """On-balance volume: volume of rising bars added, of falling bars taken off, beginning at 0."""

    name, title = "obv", "On-balance volume"
    needs_volume = True

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._close = cells.Previous(n)
        self._balance = np.zeros(n)

    @classmethod
    def warmup(cls, values: Values) -> int:
        return 1

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        close = bar.take("close", turn.at)
        change = close - self._close.swap(close, turn)
        signed = np.sign(change) * bar.take("volume", turn.at)
        balance = self._balance[turn.at] + (
            signed if turn.least else np.where(turn.ordinal == 0, 0.0, signed)
        )
        self._balance[turn.at] = balance
        return (balance,)

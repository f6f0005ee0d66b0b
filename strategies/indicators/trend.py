"""Which way price runs, and how steadily."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from strategies.indicators import cells
from strategies.indicators.bars import Bar, Floats
from strategies.indicators.base import Indicator, Param, Values, factor, length
from strategies.indicators.turns import Turn

UP, DOWN = -1.0, 1.0  # TradingView's signs


class Supertrend(Indicator):
    """A trailing line `mult` average true ranges from the middle of the bars, below price while it rises
    (direction -1), above while it falls (+1).

    The lower line never falls unless the previous close was below it, the upper never rises unless it was
    above. The first value is a falling one.
    """

    name, title = "supertrend", "Supertrend"
    params: ClassVar[tuple[Param, ...]] = (
        length(10, "bars of the average true range"),
        factor(3.0, "average true ranges between middle and line"),
    )
    outputs: ClassVar[tuple[str, ...]] = ("value", "direction")

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._range, self._close = cells.TrueRange(n), cells.Previous(n)
        self._atr = cells.rma(n, int(values["length"]))
        self._mult = float(values["mult"])
        self._lower, self._upper = np.full(n, np.nan), np.full(n, np.nan)
        self._rising = np.zeros(n, dtype=np.bool_)

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["length"])

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        close = bar.take("close", turn.at)
        lower, upper = self._bands(bar, turn)
        # The line that was crossed decides: in a rise only the lower one, in a fall only the upper one.
        rising = np.where(self._rising[turn.at], close >= lower, close > upper)
        if turn.least <= self._atr.first:
            rising &= turn.ordinal > self._atr.first
        self._lower[turn.at], self._upper[turn.at], self._rising[turn.at] = lower, upper, rising
        direction = turn.known(np.where(rising, UP, DOWN), self._atr.first)
        return np.where(rising, lower, upper), direction

    def _bands(self, bar: Bar, turn: Turn) -> tuple[Floats, Floats]:
        reach = self._mult * self._atr.update(self._range.update(bar, turn), turn)
        middle = bar.take("hl2", turn.at)
        lower, upper = middle - reach, middle + reach
        before = self._close.swap(bar.take("close", turn.at), turn)
        old_lower, old_upper = self._lower[turn.at], self._upper[turn.at]
        free_lower = (lower > old_lower) | (before < old_lower)
        free_upper = (upper < old_upper) | (before > old_upper)
        if turn.least <= self._atr.first:  # nothing to hold on to yet
            free_lower |= turn.ordinal <= self._atr.first
            free_upper |= turn.ordinal <= self._atr.first
        return np.where(free_lower, lower, old_lower), np.where(free_upper, upper, old_upper)


class Adx(Indicator):
    """Average directional index: how steady a trend is, 0 to 100, with the two directional indicators.

    All 0 while price has not moved at all.
    """

    name, title = "adx", "Average directional index"
    params: ClassVar[tuple[Param, ...]] = (
        length(14, "bars of the directional movement"),
        length(14, "bars the index is smoothed over", "smoothing"),
    )
    outputs: ClassVar[tuple[str, ...]] = ("adx", "plus", "minus")

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        size = int(values["length"])
        self._high, self._low, self._range = cells.Previous(n), cells.Previous(n), cells.TrueRange(n)
        self._up, self._down, self._true = (cells.rma(n, size, start=1) for _ in range(3))
        self._index = cells.rma(n, int(values["smoothing"]), start=self._true.first)

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["length"]) + int(values["smoothing"])

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        high, low = bar.take("high", turn.at), bar.take("low", turn.at)
        up, down = high - self._high.swap(high, turn), self._low.swap(low, turn) - low
        reach = self._true.update(self._range.update(bar, turn), turn)
        rises = self._up.update(np.where((up > down) & (up > 0), up, 0.0), turn)
        falls = self._down.update(np.where((down > up) & (down > 0), down, 0.0), turn)
        plus, minus = 100.0 * cells.ratio(rises, reach, 0.0), 100.0 * cells.ratio(falls, reach, 0.0)
        balance = cells.ratio(np.abs(plus - minus), plus + minus, 0.0)
        return 100.0 * self._index.update(balance, turn), plus, minus

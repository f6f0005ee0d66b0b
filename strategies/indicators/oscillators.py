"""Oscillators: how strongly, and in which direction, price has moved."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from strategies.indicators import cells
from strategies.indicators.bars import Bar, Floats
from strategies.indicators.base import Indicator, Param, Values, length, source
from strategies.indicators.turns import Turn


class Rsi(Indicator):
    """Relative strength index: Wilder's mean of gains as a share of gains and losses, 0 to 100.

    Without any loss it is 100, also when price has not moved at all (TradingView's chart does the same).
    """

    name, title = "rsi", "Relative strength index"
    params: ClassVar[tuple[Param, ...]] = (length(14), source())

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._price = cells.Previous(n)
        self._gain, self._loss = (cells.rma(n, int(values["length"]), start=1) for _ in range(2))

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["length"]) + 1

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        price = bar.take(str(self.values["source"]), turn.at)
        change = price - self._price.swap(price, turn)
        gain = self._gain.update(np.maximum(change, 0.0), turn)
        loss = self._loss.update(np.maximum(-change, 0.0), turn)
        return (100.0 * cells.ratio(gain, gain + loss, 1.0),)


class Macd(Indicator):
    """Moving average convergence divergence: fast minus slow EMA, its own EMA, and their difference."""

    name, title = "macd", "MACD"
    params: ClassVar[tuple[Param, ...]] = (
        length(12, "bars of the fast average", "fast"),
        length(26, "bars of the slow average", "slow"),
        length(9, "bars of the signal line", "signal"),
        source(),
    )
    outputs: ClassVar[tuple[str, ...]] = ("macd", "signal", "histogram")

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._fast, self._slow = (cells.ema(n, int(values[name])) for name in ("fast", "slow"))
        begins = max(self._fast.first, self._slow.first)
        self._signal = cells.ema(n, int(values["signal"]), start=begins)

    @classmethod
    def warmup(cls, values: Values) -> int:
        return max(int(values["fast"]), int(values["slow"])) + int(values["signal"]) - 1

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        price = bar.take(str(self.values["source"]), turn.at)
        line = self._fast.update(price, turn) - self._slow.update(price, turn)
        signal = self._signal.update(line, turn)
        return line, signal, line - signal


class Stochastic(Indicator):
    """Where the close lies in the range of the last `length` bars, 0 to 100; %K smoothed, %D its mean.

    A range without any width has its close in the middle: 50.
    """

    name, title = "stochastic", "Stochastic oscillator"
    params: ClassVar[tuple[Param, ...]] = (
        length(14),
        length(1, "bars %K is averaged over", "smooth_k"),
        length(3, "bars of %K that %D averages", "smooth_d"),
    )
    outputs: ClassVar[tuple[str, ...]] = ("k", "d")

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        size = int(values["length"])
        self._high = cells.Window(n, size, empty=-np.inf)
        self._low = cells.Window(n, size, empty=np.inf)
        self._k = cells.RollingMean(n, int(values["smooth_k"]), start=size - 1)
        self._d = cells.RollingMean(n, int(values["smooth_d"]), start=self._k.first)

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["length"]) + int(values["smooth_k"]) + int(values["smooth_d"]) - 2

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        self._high.push(bar.take("high", turn.at), turn)
        self._low.push(bar.take("low", turn.at), turn)
        lowest = self._low.lowest(turn)
        above = bar.take("close", turn.at) - lowest
        k = self._k.update(100.0 * cells.ratio(above, self._high.highest(turn) - lowest, 0.5), turn)
        return k, self._d.update(k, turn)


class Cci(Indicator):
    """Commodity channel index: distance from the mean in units of 0.015 mean deviations.

    0 when price has not moved at all.
    """

    name, title = "cci", "Commodity channel index"
    params: ClassVar[tuple[Param, ...]] = (length(20, low=2), source("hlc3"))

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._window = cells.Window(n, int(values["length"]))

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["length"])

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        price = bar.take(str(self.values["source"]), turn.at)
        self._window.push(price, turn)
        above, deviation = self._window.deviation(price, turn)
        return (turn.known(cells.ratio(above, 0.015 * deviation, 0.0), self._window.length - 1),)


class Mfi(Indicator):
    """Money flow index: like RSI, over price × volume of rising and falling bars; 50 without any flow.

    The first bar has no direction and counts for neither side.
    """

    name, title = "mfi", "Money flow index"
    params: ClassVar[tuple[Param, ...]] = (length(14), source("hlc3"))
    needs_volume = True

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._price = cells.Previous(n)
        # Added up whole every time: what is left of a rolling sum after the last flow would look like one.
        self._rising, self._falling = (cells.Window(n, int(values["length"])) for _ in range(2))

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["length"]) + 1

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        price = bar.take(str(self.values["source"]), turn.at)
        before = self._price.swap(price, turn)
        flow = price * bar.take("volume", turn.at)
        self._rising.push(np.where(price > before, flow, 0.0), turn)
        self._falling.push(np.where(price < before, flow, 0.0), turn)
        rising, falling = self._rising.total(turn), self._falling.total(turn)
        return (turn.known(100.0 * cells.ratio(rising, rising + falling, 0.5), self._rising.length),)

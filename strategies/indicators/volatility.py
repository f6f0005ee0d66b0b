"""How much price moves, and bands around it."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from strategies.indicators import cells
from strategies.indicators.bars import Bar, Floats
from strategies.indicators.base import Indicator, Param, Values, factor, length, source
from strategies.indicators.turns import Turn

BANDS = ("middle", "upper", "lower")


class Tr(Indicator):
    """True range: high minus low, a gap to the previous close included; of the first bar high minus low."""

    name, title = "tr", "True range"

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._range = cells.TrueRange(n)

    @classmethod
    def warmup(cls, values: Values) -> int:
        return 1

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        return (self._range.update(bar, turn),)


class Atr(Indicator):
    """Average true range: Wilder's mean of the true range."""

    name, title = "atr", "Average true range"
    params: ClassVar[tuple[Param, ...]] = (length(14),)

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._range = cells.TrueRange(n)
        self._mean = cells.rma(n, int(values["length"]))

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["length"])

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        return (self._mean.update(self._range.update(bar, turn), turn),)


class Bollinger(Indicator):
    """Bollinger bands: the mean, and `mult` population standard deviations above and below."""

    name, title = "bb", "Bollinger bands"
    params: ClassVar[tuple[Param, ...]] = (
        length(20),
        factor(2.0, "standard deviations between the middle and a band"),
        source(),
    )
    outputs: ClassVar[tuple[str, ...]] = BANDS

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._window = cells.Window(n, int(values["length"]))
        self._mult = float(values["mult"])

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["length"])

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        price = bar.take(str(self.values["source"]), turn.at)
        self._window.push(price, turn)
        mean, variance = self._window.spread(price, turn)
        middle = turn.known(mean, self._window.length - 1)
        reach = self._mult * np.sqrt(variance)
        return middle, middle + reach, middle - reach


class Keltner(Indicator):
    """Keltner channels: an EMA, and `mult` average true ranges above and below."""

    name, title = "keltner", "Keltner channels"
    params: ClassVar[tuple[Param, ...]] = (
        length(20),
        factor(2.0, "average true ranges between the middle and a band"),
        length(10, "bars of the average true range", "atr_length"),
        source(),
    )
    outputs: ClassVar[tuple[str, ...]] = BANDS

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._middle = cells.ema(n, int(values["length"]))
        self._range = cells.TrueRange(n)
        self._atr = cells.rma(n, int(values["atr_length"]))
        self._mult = float(values["mult"])

    @classmethod
    def warmup(cls, values: Values) -> int:
        return max(int(values["length"]), int(values["atr_length"]))

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        middle = self._middle.update(bar.take(str(self.values["source"]), turn.at), turn)
        reach = self._mult * self._atr.update(self._range.update(bar, turn), turn)
        return middle, middle + reach, middle - reach


class Donchian(Indicator):
    """Donchian channels: highest high and lowest low of the last `length` bars, this one included."""

    name, title = "donchian", "Donchian channels"
    params: ClassVar[tuple[Param, ...]] = (length(20),)
    outputs: ClassVar[tuple[str, ...]] = BANDS

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._high = cells.Window(n, int(values["length"]), empty=-np.inf)
        self._low = cells.Window(n, int(values["length"]), empty=np.inf)

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["length"])

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        self._high.push(bar.take("high", turn.at), turn)
        self._low.push(bar.take("low", turn.at), turn)
        first = self._high.length - 1
        upper = turn.known(self._high.highest(turn), first)
        lower = turn.known(self._low.lowest(turn), first)
        return (upper + lower) / 2, upper, lower

"""Moving averages. Each is seeded with the plain mean of its first `length` values, as TradingView does."""

from __future__ import annotations

from typing import Any, ClassVar

from strategies.indicators import cells
from strategies.indicators.bars import Bar, Floats
from strategies.indicators.base import Indicator, Param, Values, length, source
from strategies.indicators.turns import Turn


class _Average(Indicator):
    """One cell over one price."""

    params: ClassVar[tuple[Param, ...]] = (length(20), source())
    _cell: Any

    @classmethod
    def warmup(cls, values: Values) -> int:
        return int(values["length"])

    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        mean: Floats = self._cell.update(bar.take(str(self.values["source"]), turn.at), turn)
        return (mean,)


class Sma(_Average):
    """Simple moving average: the mean of the last `length` prices."""

    name, title = "sma", "Simple moving average"

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._cell = cells.RollingMean(n, int(values["length"]))


class Ema(_Average):
    """Exponential moving average: a price weighs 2 / (length + 1)."""

    name, title = "ema", "Exponential moving average"

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._cell = cells.ema(n, int(values["length"]))


class Rma(_Average):
    """Wilder's moving average: a price weighs 1 / length."""

    name, title = "rma", "Wilder's moving average"

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._cell = cells.rma(n, int(values["length"]))


class Wma(_Average):
    """Weighted moving average: weights fall evenly from `length` for the newest price to 1."""

    name, title = "wma", "Weighted moving average"

    def __init__(self, n: int, values: Values) -> None:
        super().__init__(n, values)
        self._cell = cells.WeightedMean(n, int(values["length"]))

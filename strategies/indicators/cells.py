"""The parts indicators are put together from: running means, sums and windows of n instruments.

Every cell takes values of the instruments of a turn and gives theirs back, NaN until it knows enough.
`start` is the number of the bar (from 0) on which the values it is fed begin.
"""

from __future__ import annotations

import numpy as np

from strategies.indicators.bars import ALL, Bar, Floats
from strategies.indicators.turns import Turn


def ratio(part: Floats, whole: Floats, otherwise: float) -> Floats:
    """part / whole, and `otherwise` where the whole is nothing."""
    return np.divide(part, whole, out=np.full_like(part, otherwise), where=whole != 0)


class Previous:
    """The value of the bar before."""

    def __init__(self, n: int) -> None:
        self._value = np.full(n, np.nan)

    def swap(self, values: Floats, turn: Turn) -> Floats:
        """Keep `values` and give back what they follow."""
        if turn.at is ALL:
            before, self._value = self._value, values.copy()
            return before
        before = self._value[turn.at]
        self._value[turn.at] = values
        return before


class TrueRange:
    """The bar's range, a gap to the previous close included; of the very first bar high - low."""

    def __init__(self, n: int) -> None:
        self._close = Previous(n)

    def update(self, bar: Bar, turn: Turn) -> Floats:
        high, low = bar.take("high", turn.at), bar.take("low", turn.at)
        before = self._close.swap(bar.take("close", turn.at), turn)
        reach = np.maximum(high, before) - np.minimum(low, before)
        return reach if turn.least > 0 else np.where(turn.ordinal == 0, high - low, reach)


class Exponential:
    """mean += alpha · (value - mean), begun with the plain mean of the first `length` values."""

    def __init__(self, n: int, length: int, alpha: float, start: int = 0) -> None:
        self._length, self._alpha, self._start = length, alpha, start
        self.first = start + length - 1
        self._mean = np.zeros(n)

    def update(self, values: Floats, turn: Turn) -> Floats:
        before = self._mean[turn.at]
        mean = before + self._alpha * (values - before)
        if turn.least <= self.first:
            mean = self._begin(values, before, mean, turn)
        self._mean[turn.at] = mean
        return turn.known(mean, self.first)

    def _begin(self, values: Floats, before: Floats, mean: Floats, turn: Turn) -> Floats:
        """While warming up the place of the mean holds the sum."""
        total = np.where(turn.ordinal < self._start, 0.0, before + values)
        mean = np.where(turn.ordinal < self.first, total, mean)
        return np.where(turn.ordinal == self.first, total / self._length, mean)


def ema(n: int, length: int, start: int = 0) -> Exponential:
    """Exponential mean, alpha 2 / (length + 1)."""
    return Exponential(n, length, 2 / (length + 1), start)


def rma(n: int, length: int, start: int = 0) -> Exponential:
    """Wilder's mean, alpha 1 / length."""
    return Exponential(n, length, 1 / length, start)


class Window:
    """The last `length` values of each instrument, in a ring."""

    def __init__(self, n: int, length: int, empty: float = 0.0) -> None:
        # Two columns at least: numpy adds a lone one up pairwise, and the last bit would depend on n.
        self._rows = np.full((length, max(n, 2)), empty)
        self._work = np.empty_like(self._rows)
        self._base = np.zeros(self._rows.shape[1])
        self._n, self.length = n, length
        self._columns = np.arange(n)

    def push(self, values: Floats, turn: Turn) -> Floats:
        """Put `values` in the place of the oldest, and give those back."""
        if isinstance(turn.ordinal, int):
            row = self._rows[turn.ordinal % self.length, : self._n]
            oldest = row.copy()
            row[:] = values
            return oldest
        place = turn.ordinal % self.length, self._columns[turn.at]
        oldest = self._rows[place]
        self._rows[place] = values
        return oldest

    def total(self, turn: Turn) -> Floats:
        found: Floats = np.add.reduce(self._rows, axis=0)[: self._n][turn.at]
        return found

    def highest(self, turn: Turn) -> Floats:
        found: Floats = np.maximum.reduce(self._rows, axis=0)[: self._n][turn.at]
        return found

    def lowest(self, turn: Turn) -> Floats:
        found: Floats = np.minimum.reduce(self._rows, axis=0)[: self._n][turn.at]
        return found

    def weighted(self, turn: Turn) -> Floats:
        """The newest value `length` times, the one before once less, and so on."""
        columns = self._columns[turn.at]
        total = np.zeros(len(columns))
        for weight in range(1, self.length + 1):
            age = self.length - weight
            total += weight * self._rows[(turn.ordinal - age) % self.length, columns]
        return total

    def spread(self, values: Floats, turn: Turn) -> tuple[Floats, Floats]:
        """Mean and population variance of the window.

        Both from differences to the newest value: sums of squares of prices in the ten thousands would have
        no digits left, and a window of equal prices has no variance at all.
        """
        work = self._differences(values, turn)
        shift = np.add.reduce(work, axis=0)[: self._n][turn.at] / self.length
        np.multiply(work, work, out=work)
        squares = np.add.reduce(work, axis=0)[: self._n][turn.at] / self.length
        return values + shift, np.maximum(squares - shift * shift, 0.0)

    def deviation(self, values: Floats, turn: Turn) -> tuple[Floats, Floats]:
        """How far `values` lie above the window's mean, and the mean absolute deviation from that mean."""
        work = self._differences(values, turn)
        shift = np.add.reduce(work, axis=0) / self.length
        np.abs(np.subtract(work, shift, out=work), out=work)
        mean_deviation = np.add.reduce(work, axis=0) / self.length
        return -shift[: self._n][turn.at], mean_deviation[: self._n][turn.at]

    def _differences(self, values: Floats, turn: Turn) -> Floats:
        self._base[: self._n][turn.at] = values
        differences: Floats = np.subtract(self._rows, self._base, out=self._work)
        return differences


class RollingSum:
    """The sum of the last `length` values: one in, one out, added up anew every thousand bars."""

    def __init__(self, n: int, length: int, start: int = 0) -> None:
        self._window = Window(n, length)
        self._sum = np.zeros(n)
        self.first = start + length - 1

    def update(self, values: Floats, turn: Turn) -> Floats:
        total = self._sum[turn.at] + (values - self._window.push(values, turn))
        due = (turn.ordinal == self.first) | turn.refresh
        if np.any(due):
            total = np.where(due, self._window.total(turn), total)
        self._sum[turn.at] = total
        return turn.known(total, self.first)


class RollingMean:
    """The plain mean of the last `length` values."""

    def __init__(self, n: int, length: int, start: int = 0) -> None:
        self._sum = RollingSum(n, length, start)
        self._length = length
        self.first = self._sum.first

    def update(self, values: Floats, turn: Turn) -> Floats:
        return self._sum.update(values, turn) / self._length


class WeightedMean:
    """The mean with weights 1 … length, the newest value weighing most."""

    def __init__(self, n: int, length: int) -> None:
        self._window = Window(n, length)
        self._plain, self._weighted = np.zeros(n), np.zeros(n)
        self._length, self.first = length, length - 1

    def update(self, values: Floats, turn: Turn) -> Floats:
        plain = self._plain[turn.at]
        weighted = self._weighted[turn.at] + (self._length * values - plain)
        plain = plain + (values - self._window.push(values, turn))
        due = (turn.ordinal == self.first) | turn.refresh
        if np.any(due):
            plain = np.where(due, self._window.total(turn), plain)
            weighted = np.where(due, self._window.weighted(turn), weighted)
        self._plain[turn.at], self._weighted[turn.at] = plain, weighted
        return turn.known(weighted, self.first) / (self._length * (self._length + 1) / 2)

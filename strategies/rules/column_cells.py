"""Running means and windows over a whole column of one instrument at once.

Each adds up in the order of its namesake in `strategies.indicators.cells`, so that both end in the same bits:
where a value follows from the one before a plain loop runs, everything else is whole arrays. `start` is where
the values begin; results are NaN until enough are there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from strategies.indicators.turns import REFRESH_BARS
from strategies.rules.bars import Floats


def previous(values: Floats) -> Floats:
    """Each value's predecessor; NaN before the first."""
    return np.concatenate([[np.nan], values])[:-1]


def ratio(part: Floats, whole: Floats, otherwise: float) -> Floats:
    """part / whole, and `otherwise` where the whole is nothing."""
    return np.divide(part, whole, out=np.full_like(part, otherwise), where=whole != 0)


def true_range(high: Floats, low: Floats, close: Floats) -> Floats:
    """The bar's range, a gap to the previous close included."""
    before = previous(close)
    reach = np.maximum(high, before) - np.minimum(low, before)
    reach[:1] = high[:1] - low[:1]
    return reach


def exponential(values: Floats, length: int, alpha: float, start: int = 0) -> Floats:
    """mean += alpha · (value - mean), begun with the plain mean of the first `length` values."""
    first = start + length - 1
    found = np.full(len(values), np.nan)
    if first >= len(values):
        return found
    total = 0.0
    for value in values[start : first + 1].tolist():
        total += value
    mean = total / length
    means = [mean]
    for value in values[first + 1 :].tolist():
        mean += alpha * (value - mean)
        means.append(mean)
    found[first:] = means
    return found


def ema(values: Floats, length: int, start: int = 0) -> Floats:
    return exponential(values, length, 2 / (length + 1), start)


def rma(values: Floats, length: int, start: int = 0) -> Floats:
    return exponential(values, length, 1 / length, start)


def ring_sum(values: Floats, length: int, part: Callable[[Floats], Floats] | None = None) -> Floats:
    """The sum of each window, added up in the order of a ring: by number of the bar modulo `length`.

    `part` may turn the values of a row of the ring into what is added.
    """
    count = len(values)
    total = np.full(count, np.nan)
    if count < length:
        return total
    bars = np.arange(length - 1, count)
    for row in range(length):
        piece = values[bars - (bars - row) % length]
        piece = part(piece) if part else piece
        total[length - 1 :] = piece if row == 0 else total[length - 1 :] + piece
    return total


def window_sum(values: Floats, bar: int, length: int) -> float:
    """The same sum of the window that ends with `bar`, alone."""
    total, *rest = np.roll(values[bar - length + 1 : bar + 1], (bar + 1) % length).tolist()
    for value in rest:
        total += value
    return float(total)


def rolling_mean(values: Floats, length: int, start: int = 0) -> Floats:
    """One in, one out, and added up anew every thousand bars."""
    first = start + length - 1
    found = np.full(len(values), np.nan)
    if first >= len(values):
        return found
    oldest = [np.nan, *values[start:].tolist()]
    total = np.nan
    sums = []
    for bar, value in enumerate(values[first:].tolist(), start=first):
        total += value - oldest[bar - first]
        if bar == first or bar % REFRESH_BARS == REFRESH_BARS - 1:
            total = window_sum(values, bar, length)
        sums.append(total)
    found[first:] = sums
    return found / length


def weighted_mean(values: Floats, length: int) -> Floats:
    """The mean with weights 1 … length, the newest value weighing most."""
    first = length - 1
    found = np.full(len(values), np.nan)
    if first >= len(values):
        return found
    oldest = [np.nan, *values.tolist()]
    plain = weighted = np.nan
    sums = []
    for bar, value in enumerate(values[first:].tolist(), start=first):
        weighted += length * value - plain
        plain += value - oldest[bar - first]
        if bar == first or bar % REFRESH_BARS == REFRESH_BARS - 1:
            plain = window_sum(values, bar, length)
            weighted = _weighted(values, bar, length)
        sums.append(weighted)
    found[first:] = sums
    return found / (length * (length + 1) / 2)


def _weighted(values: Floats, bar: int, length: int) -> float:
    total = 0.0
    for weight, value in enumerate(values[bar - length + 1 : bar + 1].tolist(), start=1):
        total += weight * value
    return total


def highest(values: Floats, length: int) -> Floats:
    """The highest of the last `length` values."""
    return _extreme(values, length, np.max)


def lowest(values: Floats, length: int) -> Floats:
    """The lowest of the last `length` values."""
    return _extreme(values, length, np.min)


def _extreme(values: Floats, length: int, of: Callable[..., Floats]) -> Floats:
    found = np.full(len(values), np.nan)
    if length <= len(values):
        found[length - 1 :] = of(np.lib.stride_tricks.sliding_window_view(values, length), axis=1)
    return found


def spread(values: Floats, length: int) -> tuple[Floats, Floats]:
    """Mean and population variance, both from differences to the newest value."""
    newest = values[length - 1 :]
    shift = ring_sum(values, length, lambda row: row - newest) / length
    squares = ring_sum(values, length, lambda row: (row - newest) * (row - newest)) / length
    return values + shift, np.maximum(squares - shift * shift, 0.0)


def deviation(values: Floats, length: int) -> tuple[Floats, Floats]:
    """How far each value lies above its window's mean, and the mean absolute deviation from that mean."""
    newest = values[length - 1 :]
    shift = ring_sum(values, length, lambda row: row - newest) / length
    apart = ring_sum(values, length, lambda row: np.abs((row - newest) - shift[length - 1 :])) / length
    return -shift, apart

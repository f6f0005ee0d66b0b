"""The same indicators once more, as their definitions read: one instrument, lists, no state carried along.

Everything is computed from the whole history every time. `None` is "not known yet".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

Series = list[float | None]


def each(count: int, length: int, value: Callable[[int], float]) -> Series:
    """`value(i)` from the bar on which `length` bars are there."""
    return [value(i) if i >= length - 1 else None for i in range(count)]


def window(values: Sequence[float], i: int, length: int) -> Sequence[float]:
    return values[i - length + 1 : i + 1]


def sma(values: Sequence[float], length: int) -> Series:
    return each(len(values), length, lambda i: fmean(window(values, i, length)))


def wma(values: Sequence[float], length: int) -> Series:
    total = length * (length + 1) / 2
    return each(
        len(values),
        length,
        lambda i: sum(w * x for w, x in enumerate(window(values, i, length), start=1)) / total,
    )


def smoothed(values: Series, length: int, alpha: float) -> Series:
    """Seeded with the mean of the first `length` known values."""
    known = [x for x in values if x is not None]
    result: Series = [None] * (len(values) - len(known))
    mean = 0.0
    for i, x in enumerate(known):
        if i < length - 1:
            result.append(None)
            continue
        mean = fmean(known[:length]) if i == length - 1 else alpha * x + (1 - alpha) * mean
        result.append(mean)
    return result


def ema(values: Series, length: int) -> Series:
    return smoothed(values, length, 2 / (length + 1))


def rma(values: Series, length: int) -> Series:
    return smoothed(values, length, 1 / length)


def changes(values: Sequence[float]) -> list[float]:
    return [b - a for a, b in zip(values, values[1:], strict=False)]


def pairs(left: Series, right: Series, work: Callable[[float, float], float]) -> Series:
    return [None if a is None or b is None else work(a, b) for a, b in zip(left, right, strict=True)]


def rsi(values: Sequence[float], length: int) -> Series:
    gains = rma([None, *(max(x, 0.0) for x in changes(values))], length)
    losses = rma([None, *(max(-x, 0.0) for x in changes(values))], length)
    return pairs(gains, losses, lambda g, d: 100.0 if d == 0 else 100 - 100 / (1 + g / d))


def true_range(high: Sequence[float], low: Sequence[float], close: Sequence[float]) -> list[float]:
    later = [
        max(high[i] - low[i], abs(high[i] - close[i - 1]), abs(low[i] - close[i - 1]))
        for i in range(1, len(high))
    ]
    return [high[0] - low[0], *later]


def stochastic(
    high: Sequence[float], low: Sequence[float], close: Sequence[float], length: int, k: int, d: int
) -> tuple[Series, Series]:
    def raw(i: int) -> float:
        top, bottom = max(window(high, i, length)), min(window(low, i, length))
        return 50.0 if top == bottom else 100 * (close[i] - bottom) / (top - bottom)

    smooth = mean_of_known(each(len(close), length, raw), k)
    return smooth, mean_of_known(smooth, d)


def mean_of_known(values: Series, length: int) -> Series:
    known = [x for x in values if x is not None]
    return [None] * (len(values) - len(known)) + sma(known, length)


def cci(values: Sequence[float], length: int) -> Series:
    def at(i: int) -> float:
        last = window(values, i, length)
        mean = fmean(last)
        deviation = fmean(abs(x - mean) for x in last)
        return 0.0 if deviation == 0 else (values[i] - mean) / (0.015 * deviation)

    return each(len(values), length, at)


def mfi(values: Sequence[float], volume: Sequence[float], length: int) -> Series:
    def at(i: int) -> float:
        rising = sum(values[j] * volume[j] for j in range(i - length + 1, i + 1) if values[j] > values[j - 1])
        falling = sum(
            values[j] * volume[j] for j in range(i - length + 1, i + 1) if values[j] < values[j - 1]
        )
        return 50.0 if rising + falling == 0 else 100 * rising / (rising + falling)

    return each(len(values), length + 1, at)


def obv(close: Sequence[float], volume: Sequence[float]) -> Series:
    total, result = 0.0, [0.0]
    for i in range(1, len(close)):
        total += volume[i] if close[i] > close[i - 1] else -volume[i] if close[i] < close[i - 1] else 0.0
        result.append(total)
    return list(result)


def adx(
    high: Sequence[float], low: Sequence[float], close: Sequence[float], length: int, smoothing: int
) -> tuple[Series, Series, Series]:
    ups, downs = changes(high), [-x for x in changes(low)]
    true = rma([None, *true_range(high, low, close)[1:]], length)
    plus_moves = [u if u > d and u > 0 else 0.0 for u, d in zip(ups, downs, strict=True)]
    minus_moves = [d if d > u and d > 0 else 0.0 for u, d in zip(ups, downs, strict=True)]
    share: Callable[[float, float], float] = lambda move, reach: 0.0 if reach == 0 else 100 * move / reach  # noqa: E731
    plus = pairs(rma([None, *plus_moves], length), true, share)
    minus = pairs(rma([None, *minus_moves], length), true, share)
    balance = pairs(plus, minus, lambda p, m: 0.0 if p + m == 0 else 100 * abs(p - m) / (p + m))
    return rma(balance, smoothing), plus, minus


def sessions_of(marks: Sequence[bool]) -> list[tuple[int, int]]:
    """First and one past the last bar of every session."""
    starts = [i for i, mark in enumerate(marks) if mark]
    return list(zip(starts, [*starts[1:], len(marks)], strict=True))

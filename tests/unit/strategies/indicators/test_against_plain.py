"""Each indicator against its definition written down a second time, without state (plain.py)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from statistics import fmean, pstdev

import numpy as np
import pytest

from strategies.indicators import History, make
from strategies.indicators.bars import Floats
from tests.unit.strategies.indicators import plain
from tests.unit.strategies.indicators.plain import Series

N = 400
_random = random.Random(7)  # noqa: S311 - a test's prices
_walk = [24_000.0]
for _ in range(N - 1):
    _walk.append(round(_walk[-1] + _random.choice((-40, -5, 0, 0, 5, 40)) * _random.random(), 2))
CLOSE = _walk
OPEN = [CLOSE[0], *CLOSE[:-1]]
HIGH = [max(o, c) + round(_random.random() * 10, 2) for o, c in zip(OPEN, CLOSE, strict=True)]
LOW = [min(o, c) - round(_random.random() * 10, 2) for o, c in zip(OPEN, CLOSE, strict=True)]
VOLUME = [float(_random.randrange(0, 5000, 65)) for _ in range(N)]
MARKS = [i % 75 == 0 for i in range(N)]
TYPICAL = [(h + x + c) / 3 for h, x, c in zip(HIGH, LOW, CLOSE, strict=True)]
TRUE = plain.true_range(HIGH, LOW, CLOSE)
SESSIONS = plain.sessions_of(MARKS)


def ours(name: str, output: str = "value", **params: object) -> Floats:
    history = History(open=OPEN, high=HIGH, low=LOW, close=CLOSE, volume=VOLUME, new_session=MARKS)
    return make(name, 1, **params).batch(history)[output][:, 0]


def same(found: Floats, expected: Series) -> None:
    wanted = np.array([np.nan if x is None else x for x in expected])
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-7, equal_nan=True)


def per_session(value: Callable[[int, int, int], float | None]) -> Series:
    """`value(start, end, i)` for every bar i of every session."""
    return [value(start, end, i) for start, end in SESSIONS for i in range(start, end)]


@pytest.mark.parametrize("length", [1, 2, 20, 50])
def test_averages(length: int) -> None:
    same(ours("sma", length=length), plain.sma(CLOSE, length))
    same(ours("wma", length=length), plain.wma(CLOSE, length))
    same(ours("ema", length=length), plain.ema(list(CLOSE), length))
    same(ours("rma", length=length), plain.rma(list(CLOSE), length))


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("hlc3", TYPICAL),
        ("open", OPEN),
        ("volume", VOLUME),
        ("hl2", [(h + x) / 2 for h, x in zip(HIGH, LOW, strict=True)]),
    ],
)
def test_sources(source: str, values: list[float]) -> None:
    same(ours("sma", length=9, source=source), plain.sma(values, 9))


@pytest.mark.parametrize("length", [2, 14])
def test_rsi(length: int) -> None:
    same(ours("rsi", length=length), plain.rsi(CLOSE, length))


def test_true_range_and_its_mean() -> None:
    same(ours("tr"), list(TRUE))
    same(ours("atr", length=14), plain.rma(list(TRUE), 14))


def test_macd_histogram() -> None:
    line = plain.pairs(plain.ema(list(CLOSE), 8), plain.ema(list(CLOSE), 21), lambda a, b: a - b)
    signal = plain.ema(line, 5)
    same(ours("macd", "histogram", fast=8, slow=21, signal=5), plain.pairs(line, signal, lambda a, b: a - b))


@pytest.mark.parametrize(("output", "sign"), [("middle", 0), ("upper", 1), ("lower", -1)])
def test_bollinger(output: str, sign: int) -> None:
    def band(i: int) -> float:
        last = CLOSE[i - 19 : i + 1]
        return fmean(last) + sign * 2.5 * pstdev(last)

    same(ours("bb", output, mult=2.5), plain.each(N, 20, band))


@pytest.mark.parametrize(("output", "sign"), [("middle", 0), ("upper", 1), ("lower", -1)])
def test_keltner(output: str, sign: int) -> None:
    middle, atr = plain.ema(list(CLOSE), 20), plain.rma(list(TRUE), 10)
    same(ours("keltner", output, mult=1.5), plain.pairs(middle, atr, lambda m, a: m + sign * 1.5 * a))


def test_donchian() -> None:
    upper = plain.each(N, 20, lambda i: max(HIGH[i - 19 : i + 1]))
    lower = plain.each(N, 20, lambda i: min(LOW[i - 19 : i + 1]))
    same(ours("donchian", "upper"), upper)
    same(ours("donchian", "lower"), lower)
    same(ours("donchian", "middle"), plain.pairs(upper, lower, lambda a, b: (a + b) / 2))


def test_stochastic() -> None:
    k, d = plain.stochastic(HIGH, LOW, CLOSE, 14, 3, 5)
    same(ours("stochastic", "k", smooth_k=3, smooth_d=5), k)
    same(ours("stochastic", "d", smooth_k=3, smooth_d=5), d)


def test_cci() -> None:
    same(ours("cci"), plain.cci(TYPICAL, 20))


def test_adx() -> None:
    index, plus, minus = plain.adx(HIGH, LOW, CLOSE, 14, 10)
    same(ours("adx", "adx", smoothing=10), index)
    same(ours("adx", "plus", smoothing=10), plus)
    same(ours("adx", "minus", smoothing=10), minus)


def test_volume_indicators() -> None:
    same(ours("obv"), plain.obv(CLOSE, VOLUME))
    same(ours("mfi"), plain.mfi(TYPICAL, VOLUME, 14))


def test_vwap_starts_anew_with_every_session() -> None:
    def vwap(start: int, _: int, i: int) -> float | None:
        volume = sum(VOLUME[start : i + 1])
        value = sum(t * v for t, v in zip(TYPICAL[start : i + 1], VOLUME[start : i + 1], strict=True))
        return value / volume if volume else None

    same(ours("vwap"), per_session(vwap))


def previous(start: int) -> tuple[float, float, float, float] | None:
    """Open, high, low, close of the session before the one that begins at `start`."""
    if start == 0:
        return None
    first = SESSIONS[[s for s, _ in SESSIONS].index(start) - 1][0]
    return OPEN[first], max(HIGH[first:start]), min(LOW[first:start]), CLOSE[start - 1]


@pytest.mark.parametrize(("place", "output"), list(enumerate(["open", "high", "low", "close"])))
def test_previous_day(place: int, output: str) -> None:
    def level(start: int, _: int, __: int) -> float | None:
        levels = previous(start)
        return levels and levels[place]

    same(ours("previous_day", output), per_session(level))


PIVOTS: dict[str, Callable[[float, float, float], float]] = {
    "p": lambda h, x, c: (h + x + c) / 3,
    "r1": lambda h, x, c: 2 * (h + x + c) / 3 - x,
    "s1": lambda h, x, c: 2 * (h + x + c) / 3 - h,
    "r2": lambda h, x, c: (h + x + c) / 3 + (h - x),
    "s2": lambda h, x, c: (h + x + c) / 3 - (h - x),
    "r3": lambda h, x, c: (h + x + c) / 3 + 2 * (h - x),
    "s3": lambda h, x, c: (h + x + c) / 3 - 2 * (h - x),
}


@pytest.mark.parametrize("output", list(PIVOTS))
def test_pivots(output: str) -> None:
    def pivot(start: int, _: int, __: int) -> float | None:
        levels = previous(start)
        return levels and PIVOTS[output](*levels[1:])

    same(ours("pivots", output), per_session(pivot))


@pytest.mark.parametrize("bars", [1, 15])
def test_opening_range_is_known_when_it_is_over(bars: int) -> None:
    def extreme(of: Callable[[Sequence[float]], float], values: Sequence[float]) -> Series:
        return per_session(
            lambda start, _, i: of(values[start : start + bars]) if i >= start + bars else None
        )

    same(ours("orb", "high", bars=bars), extreme(max, HIGH))
    same(ours("orb", "low", bars=bars), extreme(min, LOW))


def test_supertrend_by_its_rules() -> None:
    atr = plain.rma(list(TRUE), 10)
    lower = upper = 0.0
    up = False
    value: Series = []
    for i in range(N):
        reach = atr[i]
        if reach is None:
            value.append(None)
            continue
        middle = (HIGH[i] + LOW[i]) / 2
        first = i == 9
        lower = middle - 3 * reach if first or middle - 3 * reach > lower or CLOSE[i - 1] < lower else lower
        upper = middle + 3 * reach if first or middle + 3 * reach < upper or CLOSE[i - 1] > upper else upper
        up = not first and (CLOSE[i] >= lower if up else CLOSE[i] > upper)
        value.append(lower if up else upper)
    same(ours("supertrend"), value)

"""Implied volatility (Black-76) with a reason code wherever there is none, alone or together with the Greeks.

Arguments as in `black76`; `price` is the option's price in rupees, NaN or 0 where nobody quotes. Whole chains
and batches are solved at once, in blocks that stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from markets.domain.pricing.black76 import DAYS_A_YEAR, PERCENT
from markets.domain.pricing.normal import Floats, cdf
from markets.domain.pricing.normalised import slope, total_volatility

BLOCK = 8192  # rows: the arrays of a block stay in the processor's cache, each numpy call still pays
ROUNDING = 2e-15  # of the intrinsic value: a price this near to it holds no time value

HIDE_ABOVE = 0.05  # an IV less certain than 5 volatility points is noise


class Code(IntEnum):
    """Why there is a volatility, or none."""

    OK = 0
    BELOW_INTRINSIC = 1
    AT_INTRINSIC = 2
    ABOVE_MAX = 3
    EXPIRED = 4
    BAD_INPUT = 5
    NO_QUOTE = 6


CODES = tuple(Code)


class Implied(NamedTuple):
    """Volatility a year as a decimal, NaN unless the code says OK."""

    iv: Floats
    code: NDArray[np.int8]


class ImpliedGreeks(NamedTuple):
    """Volatility and four Greeks in the units of `black76.Greeks`; every number NaN unless the code is OK."""

    iv: Floats
    code: NDArray[np.int8]
    delta: Floats
    gamma: Floats
    vega: Floats
    theta: Floats


class _Quotes(NamedTuple):
    """A block of quotes, ready to be solved."""

    price: Floats
    w: Floats
    forward: Floats
    strike: Floats
    years: Floats
    rate: Floats


class _Scaled(NamedTuple):
    """Quotes in units of root = sqrt(F K): log-moneyness ln(F/K) and time value beta."""

    root: Floats
    moneyness: Floats
    beta: Floats


_Solve = Callable[[_Quotes, _Scaled], tuple[Floats, ...]]


def implied(
    price: ArrayLike, w: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike
) -> Implied:
    """The volatility at which Black-76 gives `price`, to 1e-10 wherever the time value is a tick or more."""
    (iv,), code = _solved((price, w, forward, strike, years, rate), _volatility, 1)
    return Implied(iv, code)


def iv_and_greeks(
    price: ArrayLike, w: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike
) -> ImpliedGreeks:
    """Implied volatility and delta, gamma, vega, theta at it, for less than the two computed apart."""
    (iv, *rest), code = _solved((price, w, forward, strike, years, rate), _with_greeks, 5)
    return ImpliedGreeks(iv, code, *rest)


def uncertainty(tick: ArrayLike, vega: ArrayLike) -> Floats:
    """Half a tick of price in volatility: tick / (2 vega), `vega` per volatility point as in `Greeks`.

    Both in rupees; the result is a decimal like the volatility itself, infinite without vega.
    """
    with np.errstate(divide="ignore"):
        per_unit = np.asarray(vega, dtype=np.float64) * PERCENT
        result: Floats = np.asarray(tick, dtype=np.float64) / (2.0 * per_unit)
    return result


def certain(tick: ArrayLike, vega: ArrayLike) -> NDArray[np.bool_]:
    """Whether a volatility is worth showing: known to within 5 volatility points."""
    result: NDArray[np.bool_] = uncertainty(tick, vega) <= HIDE_ABOVE
    return result


def _solved(
    values: tuple[ArrayLike, ...], solve: _Solve, count: int
) -> tuple[list[Floats], NDArray[np.int8]]:
    arrays = [np.asarray(value, dtype=np.float64) for value in values]
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    size = int(np.prod(shape))
    columns = [np.broadcast_to(array, shape).reshape(size) for array in arrays]
    results = [np.full(size, np.nan) for _ in range(count)]
    code = np.zeros(size, dtype=np.int8)
    with np.errstate(all="ignore"):
        for rows in _blocks(size):
            quotes = _Quotes(*(column[rows] for column in columns))
            _solve_block(quotes, solve, [result[rows] for result in results], code[rows])
    return [result.reshape(shape) for result in results], code.reshape(shape)


def _blocks(size: int) -> list[slice]:
    """Even parts of at most `BLOCK` rows."""
    count = -(-size // BLOCK)
    edges = [size * number // count for number in range(count + 1)] if count else []
    return [slice(low, high) for low, high in pairwise(edges)]


def _solve_block(quotes: _Quotes, solve: _Solve, results: list[Floats], code: NDArray[np.int8]) -> None:
    """Fill the block's results and codes."""
    scaled, time_value, good = _scale(quotes)
    rows: slice | NDArray[np.bool_] = slice(None)
    if not good.all():
        rows, bad = good, ~good
        code[bad] = _reasons(_Quotes(*(values[bad] for values in quotes)), time_value[bad])
        quotes = _Quotes(*(values[good] for values in quotes))
        scaled = _Scaled(*(values[good] for values in scaled))
    for result, solution in zip(results, solve(quotes, scaled), strict=True):
        result[rows] = solution


def _scale(quotes: _Quotes) -> tuple[_Scaled, Floats, NDArray[np.bool_]]:
    """The scaled quotes, their undiscounted time value, and which of them hold a volatility."""
    price, w, forward, strike, years, rate = quotes
    intrinsic = np.maximum(w * (forward - strike), 0.0)
    time_value = price * np.exp(rate * years) - intrinsic
    moneyness = np.log(forward / strike)
    # a NaN anywhere makes one of these false
    good = (time_value > ROUNDING * intrinsic) & (time_value < np.minimum(forward, strike))
    good &= (np.abs(moneyness) < np.inf) & (years > 0) & (w * w == 1)
    root = np.sqrt(forward * strike)
    return _Scaled(root, moneyness, time_value / root), time_value, good


def _reasons(quotes: _Quotes, time_value: Floats) -> NDArray[np.int8]:
    """The reason of rows that hold no volatility: the first that applies."""
    price, w, forward, strike, years, rate = quotes
    usable = np.isfinite(rate) & np.isfinite(years) & (w * w == 1)
    usable &= (forward > 0) & (forward < np.inf) & (strike > 0) & (strike < np.inf)
    intrinsic = np.maximum(w * (forward - strike), 0.0)
    cases = (
        (~usable | (price < 0) | np.isinf(price), Code.BAD_INPUT),
        (years <= 0, Code.EXPIRED),
        (np.isnan(price) | (price == 0), Code.NO_QUOTE),
        (time_value >= np.minimum(forward, strike), Code.ABOVE_MAX),
        (time_value < -ROUNDING * intrinsic, Code.BELOW_INTRINSIC),
    )
    reasons = np.select([case for case, _ in cases], [int(code) for _, code in cases], int(Code.AT_INTRINSIC))
    return reasons.astype(np.int8)


def _volatility(quotes: _Quotes, scaled: _Scaled) -> tuple[Floats, ...]:
    return (total_volatility(np.abs(scaled.moneyness), scaled.beta) / np.sqrt(quotes.years),)


def _with_greeks(quotes: _Quotes, scaled: _Scaled) -> tuple[Floats, ...]:
    price, w, forward, _, years, rate = quotes
    root_years = np.sqrt(years)
    total = total_volatility(np.abs(scaled.moneyness), scaled.beta)
    discount = np.exp(-rate * years)
    # F n(d1) = sqrt(F K) v(s)
    bell = discount * scaled.root * slope(scaled.moneyness, total)
    delta = discount * w * cdf(w * (scaled.moneyness / total + 0.5 * total))
    gamma = bell / (forward * forward * total)
    vega = bell * root_years
    theta = (rate * price - 0.5 * bell * total / years) / DAYS_A_YEAR
    return total / root_years, delta, gamma, vega / PERCENT, theta

"""Risk arrays without the clearing corporation's file: every scenario is priced anew.

Black-Scholes on spot with the file's rate, one day ahead. Reproduces the published margins of 29 May 2026
within 3 % for short options and spreads (docs/margin.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from markets.domain.margin.arrays import VOLATILITY_MOVES, RiskArray, cover, price_moves
from markets.domain.margin.legs import FUTURE, MarginLeg, Underlying, longer_than
from markets.domain.margin.parameters import MarginParameters
from markets.domain.pricing import spot
from markets.domain.pricing.implied import Code, implied
from qlplatform.core.errors import UserError
from qlplatform.core.indian import price_text

YEAR_DAYS = 365.0
TRADING_DAYS = 252.0
LOWEST = 0.01  # rupees: no scenario moves the underlying lower
LOOK_AHEAD_DAYS = 1  # SPAN asks for the loss from one day to the next


def ewma_volatility(closes: Sequence[float], decay: float = 0.995) -> float | None:
    """Annualised volatility of daily closes, newer ones weighing more; None with fewer than two of them, or
    with one that is no price.
    """
    prices = np.asarray(closes, dtype=np.float64)
    if len(prices) < 2 or not (np.isfinite(prices) & (prices > 0)).all():
        return None
    changes = np.diff(np.log(prices))
    weights = decay ** np.arange(len(changes) - 1, -1, -1)
    return float(np.sqrt(np.sum(weights * changes**2) / np.sum(weights) * TRADING_DAYS))


def risk_arrays(
    legs: Sequence[MarginLeg], underlying: Underlying, p: MarginParameters
) -> tuple[RiskArray, ...]:
    """The array of each leg, in order.

    An option without a usable price gets the volatility of the nearest strike that has one; without any, 0
    where its price is no more than intrinsic value. Raises UserError `price_missing` and `price_range`.
    """
    vols = _volatilities(legs, underlying, p)
    return tuple(
        _future(leg, underlying, p) if leg.kind == FUTURE else _option(leg, underlying, p, vol)
        for leg, vol in zip(legs, vols, strict=True)
    )


def future_price(leg: MarginLeg, underlying: Underlying, p: MarginParameters) -> float:
    """A future's price in rupees: the one given, else spot carried to expiry."""
    if leg.price_paise is not None:
        return leg.price_paise / 100
    return underlying.spot_paise / 100 * math.exp(p.rate * _years(underlying.on, leg.expiry))


def price_scan_range(leg: MarginLeg, underlying: Underlying, p: MarginParameters) -> float:
    """How far the underlying is moved, in rupees: max(floor, sigmas · sqrt(2) · daily σ) of its level."""
    long_dated = leg.is_option and longer_than(p.long_dated_months, underlying.on, leg.expiry)
    floor = p.price_scan_long if long_dated else p.price_scan
    daily = (underlying.volatility or 0.0) / math.sqrt(TRADING_DAYS)
    return max(floor, p.price_scan_sigmas * math.sqrt(2) * daily) * underlying.spot_paise / 100


def volatility_scan_range(underlying: Underlying, p: MarginParameters) -> float:
    """How far volatility is moved: max(floor, share of the annualised volatility)."""
    return max(p.volatility_scan, p.volatility_scan_share * (underlying.volatility or 0.0))


def _future(leg: MarginLeg, underlying: Underlying, p: MarginParameters) -> RiskArray:
    carried = future_price(leg, underlying, p) / (underlying.spot_paise / 100)
    moves = price_moves(p.extreme_move) * price_scan_range(leg, underlying, p)
    return RiskArray(-moves * carried * cover(p.extreme_cover), delta=1.0, price=0.0)


def _option(leg: MarginLeg, underlying: Underlying, p: MarginParameters, vol: float) -> RiskArray:
    level, strike = underlying.spot_paise / 100, leg.strike_paise / 100
    later = _years(underlying.on, leg.expiry, LOOK_AHEAD_DAYS)
    price = (
        float(spot.price(leg.w, level, strike, _years(underlying.on, leg.expiry), vol, p.rate))
        if leg.price_paise is None
        else leg.price_paise / 100
    )
    moved = np.maximum(level + price_moves(p.extreme_move) * price_scan_range(leg, underlying, p), LOWEST)
    vols = np.maximum(vol + VOLATILITY_MOVES * volatility_scan_range(underlying, p), 0.0)
    losses = price - spot.price(leg.w, moved, strike, later, vols, p.rate)
    delta = float(spot.greeks(leg.w, level, strike, later, vol, p.rate).delta)
    return RiskArray(losses * cover(p.extreme_cover), delta=delta, price=price)


def _years(on: date, expiry: date, ahead: int = 0) -> float:
    """Whole days, the expiry day itself counting as one, less the days looked ahead."""
    return (max((expiry - on).days, 1) - ahead) / YEAR_DAYS


def _volatilities(legs: Sequence[MarginLeg], underlying: Underlying, p: MarginParameters) -> list[float]:
    """Of each leg; NaN for futures."""
    solved = [_implied(leg, underlying, p) for leg in legs]
    known = [(leg, vol) for leg, (vol, code) in zip(legs, solved, strict=True) if code is Code.OK]
    return [
        vol if code is Code.OK or not leg.is_option else _borrowed(leg, code, known, underlying)
        for leg, (vol, code) in zip(legs, solved, strict=True)
    ]


def _implied(leg: MarginLeg, underlying: Underlying, p: MarginParameters) -> tuple[float, Code]:
    if not leg.is_option or leg.price_paise is None:
        return math.nan, Code.NO_QUOTE
    years = _years(underlying.on, leg.expiry)
    forward = spot.forward_of(underlying.spot_paise / 100, years, p.rate)
    found = implied(leg.price_paise / 100, leg.w, forward, leg.strike_paise / 100, years, p.rate)
    return float(found.iv), Code(int(found.code))


def _borrowed(
    leg: MarginLeg, code: Code, known: Sequence[tuple[MarginLeg, float]], underlying: Underlying
) -> float:
    """The volatility of an option whose own price tells none."""
    if known:
        return min(known, key=lambda each: _distance(leg, each[0]))[1]
    if underlying.volatility:
        return underlying.volatility
    if code in (Code.AT_INTRINSIC, Code.BELOW_INTRINSIC):
        return 0.0
    raise _refusal(leg, code)


def _distance(leg: MarginLeg, other: MarginLeg) -> tuple[int, int]:
    return abs((leg.expiry - other.expiry).days), abs(leg.strike_paise - other.strike_paise)


def _refusal(leg: MarginLeg, code: Code) -> UserError:
    name = f"The {leg.strike_paise / 100:g} {leg.kind} of {leg.expiry:%d %b %Y}"
    if leg.price_paise is None or code is Code.NO_QUOTE:
        return UserError(
            f"{name} has no price a volatility can be read from, and neither has another leg. "
            "Give the price of one of them.",
            code="price_missing",
        )
    return UserError(
        f"{name} cannot cost {price_text(leg.price_paise)}: no volatility explains that. Correct its price.",
        code="price_range",
    )

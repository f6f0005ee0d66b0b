"""What a position is worth before expiry: over spot, change of volatility and days to come.

A forward keeps its distance from the spot at the leg's own `carry`; a leg that has expired by then counts
with its intrinsic value at the level looked at. Prices are Black-76; everything is in rupees.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from markets.domain.pricing import black76, payoff
from markets.domain.pricing.black76 import DAYS_A_YEAR, Greeks
from markets.domain.pricing.normal import Floats
from markets.domain.pricing.payoff import PricedLeg, Summary

LOWEST_VOL = 0.001  # a fall of volatility stops here
INSTANT = 1e-9  # years (0.03 s): nearer to expiry is expired, whatever days / 365 rounds to
LEVELS = 2001
HALVINGS = 60


def grid(
    legs: Sequence[PricedLeg], levels: ArrayLike, vol_shifts: ArrayLike, days: ArrayLike, rate: float
) -> Floats:
    """P&L against the entry prices as [day, shift, level]: `levels` of the spot, `vol_shifts` added to each
    leg's volatility (0.01 = one point), `days` calendar days from now.
    """
    at, shifts, ahead = (np.atleast_1d(np.asarray(a, dtype=np.float64)) for a in (levels, vol_shifts, days))
    total = np.zeros((ahead.size, shifts.size, at.size))
    for leg in legs:
        left = _left(leg, ahead[:, None, None] / DAYS_A_YEAR)
        vol = np.maximum(leg.vol + shifts[None, :, None], LOWEST_VOL)
        total += leg.qty * (_worth(leg, at, left, vol, rate) - leg.entry)
    return total


def curve(
    legs: Sequence[PricedLeg], levels: ArrayLike, rate: float, days: float = 0.0, vol_shift: float = 0.0
) -> Floats:
    """P&L at each level of the spot today, or some days ahead."""
    result: Floats = grid(legs, levels, vol_shift, days, rate)[0, 0]
    return result


def position_greeks(legs: Sequence[PricedLeg], spot: float, rate: float) -> Greeks:
    """The sum of Greek times signed quantity; delta and gamma per point of each leg's own forward. A future
    has delta 1 and no other Greek.
    """
    parts = [_greeks(leg, spot, rate).times(leg.qty) for leg in legs]
    return Greeks(*(np.asarray(sum(column), dtype=np.float64) for column in zip(*parts, strict=True)))


def summary(legs: Sequence[PricedLeg], spot: float, rate: float) -> Summary:
    """Breakevens and extremes at the first expiry: exact with one expiry; with several, legs that live on are
    priced and the answer is numerical, extremes within a factor of 3 of the spot.
    """
    if payoff.single_expiry(legs):
        return payoff.summary(legs)
    levels = np.union1d(spot * np.geomspace(1 / 3, 3, LEVELS), [leg.strike for leg in legs if leg.w])
    values = first_expiry(legs, levels, rate)
    slope = payoff.upside_slope(legs)
    return Summary(
        breakevens=tuple(_crossings(legs, levels, values, rate).tolist()),
        max_profit=None if slope > 0 else float(values.max()),
        max_loss=None if slope < 0 else float(values.min()),
    )


def first_expiry(legs: Sequence[PricedLeg], levels: ArrayLike, rate: float) -> Floats:
    """P&L at each level of the spot when the earliest leg expires."""
    return curve(legs, levels, rate, days=min(leg.years for leg in legs) * DAYS_A_YEAR)


def _left(leg: PricedLeg, ahead: Floats) -> Floats:
    left = leg.years - ahead
    return np.where(left > INSTANT, left, 0.0)


def _worth(leg: PricedLeg, spot: Floats, left: Floats, vol: Floats, rate: float) -> Floats:
    forward = spot * np.exp(leg.carry * left)
    return black76.price(leg.w, forward, leg.strike, left, vol, rate) if leg.w else forward


def _greeks(leg: PricedLeg, spot: float, rate: float) -> Greeks:
    forward = spot * np.exp(leg.carry * max(leg.years, 0.0))
    if leg.w:
        return black76.greeks(leg.w, forward, leg.strike, leg.years, leg.vol, rate)
    return Greeks(np.asarray(forward), np.asarray(1.0), *(np.asarray(0.0) for _ in range(6)))


def _crossings(legs: Sequence[PricedLeg], levels: Floats, values: Floats, rate: float) -> Floats:
    """Where the P&L changes sign, by halving all brackets at once."""
    gains = values > 0
    places = np.nonzero(gains[:-1] != gains[1:])[0]
    low, high = levels[places], levels[places + 1]
    rising = gains[places + 1]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        beyond = (first_expiry(legs, middle, rate) > 0) == rising
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    return (low + high) / 2

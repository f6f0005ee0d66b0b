"""Implied volatility by strike: solved on the out-of-the-money leg, shown for both; null with a reason
when it would mislead.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from markets.domain.chain.figures import atm_index
from markets.domain.chain.quotes import CALL, DEFAULT_LIMITS, PUT, Codes, Floats, Limits, UsedPrices
from markets.domain.pricing.implied import Code, iv_and_greeks

TOO_CHEAP, UNCERTAIN, NO_FORWARD = 20, 21, 22
REASONS: dict[int, str] = {int(code): code.name for code in Code} | {
    TOO_CHEAP: "TOO_CHEAP",
    UNCERTAIN: "UNCERTAIN",
    NO_FORWARD: "NO_FORWARD",
}
"""Why a strike has no IV: the solver's codes, and the chain's own."""


class StrikeIvs(NamedTuple):
    """By strike [n]: IV (decimal a year, NaN with a code other than OK), the code, how wrong the IV may
    be.
    """

    iv: Floats
    code: Codes
    error: Floats


class _Leg(NamedTuple):
    w: Floats
    strike: Floats
    price: Floats
    half_spread: Floats


def strike_ivs(
    strikes: Floats,
    used: UsedPrices,
    *,
    forward: float,
    years: float,
    rate: float,
    limits: Limits = DEFAULT_LIMITS,
) -> StrikeIvs:
    """IV by strike (quant convention: out-of-the-money leg; at the money the mean of both legs when they
    agree within their uncertainty).
    """
    atm = atm_index(strikes, forward)
    right = np.where(strikes >= forward, CALL, PUT)
    legs = np.append(np.arange(len(strikes)), atm)
    rights = np.append(right, PUT if right[atm] == CALL else CALL)  # the other leg of the ATM strike last
    found = _solve(
        _Leg(
            np.where(rights == CALL, 1.0, -1.0),
            strikes[legs],
            used.price[rights, legs],
            used.half_spread[rights, legs],
        ),
        forward,
        years,
        rate,
        limits,
    )
    return _averaged(found, atm)


def _solve(leg: _Leg, forward: float, years: float, rate: float, limits: Limits) -> StrikeIvs:
    found = iv_and_greeks(leg.price, leg.w, forward, leg.strike, years, rate)
    code = found.code.copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        error = leg.half_spread / found.vega / 100  # vega is per vol point
        code[(code == Code.OK) & (error > limits.max_iv_error)] = UNCERTAIN
        code[(code != Code.EXPIRED) & (leg.price < limits.min_price)] = TOO_CHEAP
    good = code == Code.OK
    return StrikeIvs(np.where(good, found.iv, np.nan), code, np.where(good, error, np.nan))


def _averaged(found: StrikeIvs, atm: int) -> StrikeIvs:
    """The ATM strike's two legs become one; the last entry, its other leg, goes."""
    iv, code, error = found.iv[:-1].copy(), found.code[:-1].copy(), found.error[:-1].copy()
    other, other_error = found.iv[-1], found.error[-1]
    if np.isfinite(other) and np.isfinite(iv[atm]) and abs(other - iv[atm]) <= other_error + error[atm]:
        iv[atm] = (iv[atm] + other) / 2
    return StrikeIvs(iv, code, error)

"""Black-Scholes-Merton on the spot price with a continuous dividend yield q.

The same price as Black-76 on F = S exp((r - q) T); the Greeks follow by the chain rule with the spot, not the
forward, held fixed. Exchange pages and several vendors publish these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from markets.domain.pricing import black76
from markets.domain.pricing.black76 import DAYS_A_YEAR, PERCENT, Greeks, floats
from markets.domain.pricing.normal import Floats


def forward_of(spot: ArrayLike, years: ArrayLike, rate: ArrayLike, dividend_yield: ArrayLike = 0.0) -> Floats:
    """F = S exp((r - q) T); the spot itself once expired."""
    s, t, r, q = floats(spot, years, rate, dividend_yield)
    result: Floats = s * np.exp((r - q) * np.maximum(t, 0.0))
    return result


def price(  # noqa: PLR0913, PLR0917 - the arguments of the formula
    w: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    vol: ArrayLike,
    rate: ArrayLike,
    dividend_yield: ArrayLike = 0.0,
) -> Floats:
    """w [S exp(-qT) N(w d1) - K exp(-rT) N(w d2)]; arguments as in `black76`, spot for forward."""
    return black76.price(w, forward_of(spot, years, rate, dividend_yield), strike, years, vol, rate)


def greeks(  # noqa: PLR0913, PLR0917 - the arguments of the formula
    w: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    vol: ArrayLike,
    rate: ArrayLike,
    dividend_yield: ArrayLike = 0.0,
) -> Greeks:
    """Price and Greeks per point of the spot. Once expired: intrinsic value, delta 0 or ±1, the rest 0."""
    forward = forward_of(spot, years, rate, dividend_yield)
    return on_spot(black76.greeks(w, forward, strike, years, vol, rate), spot, years, rate, dividend_yield)


def on_spot(
    held: Greeks, spot: ArrayLike, years: ArrayLike, rate: ArrayLike, dividend_yield: ArrayLike = 0.0
) -> Greeks:
    """Greeks on the forward F = S exp((r - q) T) turned into Greeks on the spot S."""
    s, t, r, q = floats(spot, years, rate, dividend_yield)
    left = np.maximum(t, 0.0)
    growth = np.exp((r - q) * left)
    exposure = held.delta * s * growth  # rupees per unit of relative change of the forward
    drift = np.where(left > 0, r - q, 0.0)
    return held._replace(
        delta=held.delta * growth,
        gamma=held.gamma * growth * growth,
        theta=held.theta - drift * exposure / DAYS_A_YEAR,
        rho=held.rho + left * exposure / PERCENT,
        vanna=held.vanna * growth,
    )

"""Black-76: European options on the forward of their own expiry (Black, 1976).

Arguments are floats or arrays that broadcast together: `w` +1 call or -1 put, forward and strike in rupees
(points), time in years of 365 days, volatility and continuously compounded rate as decimals a year.
Impossible input (NaN, forward or strike not above zero, negative volatility) gives NaN.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from markets.domain.pricing.normal import Floats, cdf, density

DAYS_A_YEAR = 365.0
PERCENT = 100.0


class Greeks(NamedTuple):
    """Price and sensitivities of one unit of an option, as arrays.

    delta, gamma: per point of the forward (`spot`: of the spot); vega: per volatility point (1 %); theta: per
    calendar day; rho: per 1 % of rate; vanna, volga: per unit of volatility. The forward is held fixed for
    theta and rho (`spot`: the spot).
    """

    price: Floats
    delta: Floats
    gamma: Floats
    vega: Floats
    theta: Floats
    rho: Floats
    vanna: Floats
    volga: Floats

    def times(self, qty: ArrayLike) -> Greeks:
        """The Greeks of a position: each times the signed quantity in units."""
        return Greeks(*(field * np.asarray(qty, dtype=np.float64) for field in self))


class _Terms(NamedTuple):
    """What price and Greeks are made of; `alive` where there is time and volatility left."""

    alive: NDArray[np.bool_]
    years: Floats
    discount: Floats
    d1: Floats
    d2: Floats


def price(
    w: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike, rate: ArrayLike
) -> Floats:
    """DF w [F N(w d1) - K N(w d2)]; the intrinsic value once expired (`years` not above zero)."""
    right, f, k, t, sigma, r = floats(w, forward, strike, years, vol, rate)
    with np.errstate(all="ignore"):
        return _price(right, f, k, _terms(right, f, k, t, sigma, r))


def greeks(
    w: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, vol: ArrayLike, rate: ArrayLike
) -> Greeks:
    """Price and all Greeks. Once expired: intrinsic value, delta 0 or ±1, the rest 0."""
    right, f, k, t, sigma, r = floats(w, forward, strike, years, vol, rate)
    with np.errstate(all="ignore"):
        terms = _terms(right, f, k, t, sigma, r)
        return _greeks(right, f, sigma, r, _price(right, f, k, terms), terms)


def theta_left(theta: ArrayLike, price: ArrayLike) -> Floats:
    """The loss a holder can still have in a day: theta, but never more than the price. Minutes before expiry
    the formula's theta exceeds what is left.
    """
    return np.maximum(np.asarray(theta, dtype=np.float64), -np.asarray(price, dtype=np.float64))


def floats(*values: ArrayLike) -> tuple[Floats, ...]:
    """The values as float64 arrays of one shape."""
    return np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))


def _terms(w: Floats, f: Floats, k: Floats, t: Floats, sigma: Floats, r: Floats) -> _Terms:
    years = np.maximum(t, 0.0)
    total = np.where(years == 0, 0.0, sigma * np.sqrt(years))  # an expired option needs no volatility
    possible = (w * w == 1) & (f > 0) & (k > 0) & (total >= 0)
    total = np.where(possible, total, np.nan)
    alive = total != 0
    # without time or volatility d1 = d2 = ±infinity, which makes the intrinsic value; a tie is worthless
    dead = np.where(w * (f - k) > 0, w, -w) * np.inf
    moneyness = np.log(f / k) / total
    d1 = np.where(alive, moneyness + 0.5 * total, dead)
    d2 = np.where(alive, moneyness - 0.5 * total, dead)
    return _Terms(alive, years, np.exp(-r * years), d1, d2)


def _price(w: Floats, f: Floats, k: Floats, terms: _Terms) -> Floats:
    value: Floats = terms.discount * w * (f * cdf(w * terms.d1) - k * cdf(w * terms.d2))
    return value + 0.0  # no negative zeros


def _greeks(w: Floats, f: Floats, sigma: Floats, r: Floats, value: Floats, terms: _Terms) -> Greeks:
    alive, years, discount, d1, d2 = terms
    root = np.sqrt(years)
    bell = discount * density(d1)
    vega = f * bell * root
    decay = 0.5 * f * bell * sigma / np.where(years > 0, root, np.inf)
    return Greeks(
        price=value,
        delta=discount * w * cdf(w * d1) + 0.0,
        gamma=np.where(alive, bell / (f * sigma * root), 0.0),
        vega=vega / PERCENT,
        theta=np.where(years > 0, r * value - decay, 0.0 * value) / DAYS_A_YEAR,
        rho=0.0 - years * value / PERCENT,
        vanna=np.where(alive, -bell * d2 / sigma, 0.0),
        volga=np.where(alive, vega * d1 * d2 / sigma, 0.0),
    )

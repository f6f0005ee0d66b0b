"""What contracts are worth at each point: Black-76 on a forward with carry, under a smile that moves with the
index.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from markets.domain.pricing import black76
from markets.domain.pricing.conventions import DEFAULT, FLOOR, YEAR

Floats = NDArray[np.float64]

CARRY = 0.053
"""Interest less dividends, a year: what a future lies above the index."""
SKEW, SMILE, WIDEST = -0.055, 0.022, 3.0
SHORT, WEEKS_A_YEAR = 0.10, 52.0
HALF_DAY = 0.5 / black76.DAYS_A_YEAR
CALL_PUT = np.array([1.0, -1.0])


def years_left(closes: datetime, opens: datetime, minutes: int, steps: int) -> Floats:
    """Time to expiry of every point as [minute, point], in years; a minute at least."""
    left = (closes - opens).total_seconds() - 60.0 * (
        np.arange(minutes)[:, None] + np.arange(steps + 1)[None, :] / steps
    )
    years: Floats = np.maximum(left, FLOOR.total_seconds()) / YEAR.total_seconds()
    return years


def forwards(spot: ArrayLike, years: ArrayLike) -> Floats:
    """The forward of an expiry."""
    value: Floats = np.asarray(spot) * np.exp(CARRY * np.asarray(years))
    return value


def deviations(forward: Floats, strikes: Floats, vol: Floats, years: Floats, *, least: float) -> Floats:
    """How far strikes lie from the money in standard deviations, counting `least` years at least."""
    result: Floats = np.log(strikes / forward) / (vol * np.sqrt(np.maximum(years, least)))
    return result


def smile(forward: Floats, strikes: Floats, vol: Floats, years: Floats) -> Floats:
    """The volatility of strikes: higher below the money and for short expiries."""
    atm = vol * (1 + SHORT * (np.exp(-WEEKS_A_YEAR * years) - 0.3))
    z = np.clip(deviations(forward, strikes, atm, years, least=HALF_DAY), -WIDEST, WIDEST)
    found: Floats = atm * (1 + SKEW * z + SMILE * z * z)
    return found


def values(spot: Floats, vol: Floats, years: Floats, strikes: Floats) -> Floats:
    """Fair prices in rupees, calls and puts: the shape of `spot` with [strike, right] behind it."""
    forward = forwards(spot, years)[..., None]
    left = np.asarray(years)[..., None]
    sigma = smile(forward, strikes, vol[..., None], left)
    found: Floats = black76.price(
        CALL_PUT, forward[..., None], strikes[:, None], left[..., None], sigma[..., None], DEFAULT.rate
    )
    return found

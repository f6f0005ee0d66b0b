"""The forward of an expiry, and which rule gave it.

In order: FUTURE, the mid of the same expiry's future; PARITY, put-call parity at the strikes nearest the
money (weekly index expiries have no future); CARRY, the spot grown at the configured rate, which assumes the
cost of carry instead of observing it and is therefore always marked stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from markets.domain.pricing import spot as on_spot

FUTURE, PARITY, CARRY = "FUTURE", "PARITY", "CARRY"

STRIKES = 5  # the median of at most so many strikes
FEWEST_STRIKES = 3  # with fewer one bad quote decides
WIDEST_FUTURE = 0.005  # spread of a future's quote, of its mid, beyond which it says nothing


class Forward(NamedTuple):
    """Rupees (points), the rule it came from, and whether it is assumed or old instead of observed."""

    value: float
    rule: str
    stale: bool


@dataclass(frozen=True, slots=True, eq=False)
class ChainQuotes:
    """Best bids and offers of one expiry by strike, in rupees; 0 or NaN where there is none."""

    strikes: ArrayLike
    call_bid: ArrayLike
    call_ask: ArrayLike
    put_bid: ArrayLike
    put_ask: ArrayLike


def choose(  # noqa: PLR0913 - the three rules' inputs
    *,
    years: float,
    rate: float,
    future: tuple[float, float] | None = None,
    quotes: ChainQuotes | None = None,
    spot: float | None = None,
    dividend_yield: float = 0.0,
) -> Forward | None:
    """The forward by the first rule that applies; `future` is bid and ask of the same expiry's future. None
    without any usable price.
    """
    middle = mid(*future) if future else None
    if middle is not None:
        return Forward(middle, FUTURE, stale=False)
    if quotes is not None:
        found = parity(
            quotes.strikes,
            quotes.call_bid,
            quotes.call_ask,
            quotes.put_bid,
            quotes.put_ask,
            years=years,
            rate=rate,
            near=spot,
        )
        if found is not None:
            return Forward(found, PARITY, stale=False)
    if spot is not None and 0 < spot < np.inf:
        return Forward(float(on_spot.forward_of(spot, years, rate, dividend_yield)), CARRY, stale=True)
    return None


def mid(bid: float, ask: float) -> float | None:
    """The middle of a future's two-sided quote; None when a side is missing, crossed or far away."""
    if not 0 < bid <= ask < np.inf:
        return None
    middle = (bid + ask) / 2
    return middle if ask - bid <= WIDEST_FUTURE * middle else None


def parity(  # noqa: PLR0913, PLR0917 - the columns of a chain
    strikes: ArrayLike,
    call_bid: ArrayLike,
    call_ask: ArrayLike,
    put_bid: ArrayLike,
    put_ask: ArrayLike,
    years: float,
    rate: float,
    near: float | None = None,
) -> float | None:
    """F = K + (C - P) exp(rT) with mids, median of the 3 to 5 strikes nearest to `near` whose call and put
    both have two sides. Without `near` the money is where call and put cost the same. None with too few, or
    with prices that make it no price.
    """
    chain = np.array([strikes, call_bid, call_ask, put_bid, put_ask], dtype=np.float64)
    bids, asks = chain[[1, 3]], chain[[2, 4]]
    usable = ((bids > 0) & (asks >= bids) & (asks < np.inf)).all(axis=0) & (chain[0] > 0)
    if np.count_nonzero(usable) < FEWEST_STRIKES:
        return None
    strike, call_bids, call_asks, put_bids, put_asks = chain[:, usable]
    difference = (call_bids + call_asks - put_bids - put_asks) / 2
    known = near is not None and np.isfinite(near)
    distance = np.abs(strike - near if known else difference)
    nearest = np.argsort(distance, kind="stable")[:STRIKES]
    forwards = strike[nearest] + difference[nearest] * np.exp(rate * max(years, 0.0))
    middle = float(np.median(forwards))
    return middle if 0 < middle < np.inf else None

"""The forward of one expiry: its future's mid, else put-call parity at the money, else spot and carry."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from markets.domain.chain.quotes import CALL, DEFAULT_LIMITS, PUT, ChainQuotes, Floats, Limits
from markets.domain.pricing.forward import CARRY, FUTURE, PARITY, Forward, mid, parity
from markets.domain.pricing.spot import forward_of


class Anchor(NamedTuple):
    """What is known beside the options themselves: the spot and the future of the same expiry, in rupees (NaN
    for none); `future_age` in seconds.
    """

    spot: float = math.nan
    future_bid: float = math.nan
    future_ask: float = math.nan
    future_last: float = math.nan
    future_age: float = math.nan


def chain_forward(
    quotes: ChainQuotes, anchor: Anchor, *, years: float, rate: float, limits: Limits = DEFAULT_LIMITS
) -> Forward | None:
    """The forward and the rule that gave it, in the order FUTURE, PARITY, CARRY; None when nothing is known.

    Without two-sided quotes parity is taken from last prices, and the forward is marked stale.
    """
    return (
        _future(anchor, limits)
        or _parity(quotes, quotes.bid, quotes.ask, years, rate, stale=False)
        or _parity(quotes, *_recent(quotes, limits), years, rate, stale=True)
        or _carry(anchor, years, rate)
    )


def _future(anchor: Anchor, limits: Limits) -> Forward | None:
    """The mid of its quote; a future that was only traded counts while that is fresh."""
    if not anchor.future_age <= limits.stale_after_s:  # NaN: never quoted
        return None
    middle = mid(anchor.future_bid, anchor.future_ask)
    if middle is not None:
        return Forward(middle, FUTURE, stale=False)
    return Forward(anchor.future_last, FUTURE, stale=True) if anchor.future_last > 0 else None


def _recent(quotes: ChainQuotes, limits: Limits) -> tuple[Floats, Floats]:
    """Last prices that are not old, as bid and ask."""
    with np.errstate(invalid="ignore"):
        last = np.where(quotes.age <= limits.stale_after_s, quotes.ltp, np.nan)
    return last, last


def _parity(
    quotes: ChainQuotes, bid: Floats, ask: Floats, years: float, rate: float, *, stale: bool
) -> Forward | None:
    if years <= 0:  # the options are worth their intrinsic value, and that says nothing near the money
        return None
    value = parity(quotes.strikes, bid[CALL], ask[CALL], bid[PUT], ask[PUT], years=years, rate=rate)
    return None if value is None else Forward(value, PARITY, stale)


def _carry(anchor: Anchor, years: float, rate: float) -> Forward | None:
    """Spot and interest alone: assumed, so always stale."""
    if not anchor.spot > 0:
        return None
    return Forward(float(forward_of(anchor.spot, years, rate)), CARRY, stale=True)

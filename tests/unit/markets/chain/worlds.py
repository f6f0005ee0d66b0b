"""Chains with a known volatility, made by pricing them."""

from __future__ import annotations

from typing import Any

import numpy as np

from markets.domain.chain.quotes import ChainQuotes, Floats, W
from markets.domain.chain.table import ChainTable, chain_table
from markets.domain.pricing import black76
from markets.domain.pricing.conventions import DEFAULT
from markets.domain.pricing.forward import Forward

YEARS = 7 / 365
FORWARD = 24_512.0
STRIKES = np.arange(23_500.0, 25_550.0, 50.0)


def smile(strikes: Floats = STRIKES, forward: float = FORWARD) -> Floats:
    """A volatility for every strike, lowest a little above the forward."""
    away = np.log(strikes / forward) - 0.005
    result: Floats = 0.11 - 0.25 * away + 9 * away**2
    return result


def prices(strikes: Floats = STRIKES, forward: float = FORWARD, years: float = YEARS) -> Floats:
    """What calls and puts are worth."""
    return black76.price(W, forward, strikes, years, smile(strikes, forward), DEFAULT.rate)


def quotes(**changes: Any) -> ChainQuotes:
    """A tight two-sided market around the model's prices, quoted just now."""
    worth = prices()
    count = np.full(worth.shape, 75, dtype=np.int64)
    given: dict[str, Any] = {
        "strikes": STRIKES, "ltp": worth, "bid": worth - 0.025, "ask": worth + 0.025, "bid_qty": count,
        "ask_qty": count, "volume": count * 10, "oi": count * 100, "oi_chg": count,
        "age": np.zeros(worth.shape),
    }  # fmt: skip
    return ChainQuotes(**given | changes)


def nothing() -> Floats:
    """A side nobody quotes."""
    return np.full((2, len(STRIKES)), np.nan)


def table(of: ChainQuotes | None = None, years: float = YEARS, forward: float = FORWARD) -> ChainTable:
    """The chain of these quotes with the forward given."""
    known = Forward(forward, "PARITY", stale=False)
    return chain_table(of or quotes(), forward=known, years=years, convention=DEFAULT)

"""Which price of a contract counts."""

from __future__ import annotations

import numpy as np
import pytest

from markets.domain.chain.quotes import Basis, ChainQuotes, in_paise, used_prices


def one(**changes: float) -> ChainQuotes:
    """A chain of one strike, its call as given, its put not quoted."""
    values = {"ltp": 100.0, "bid": 99.0, "ask": 101.0, "age": 0.0} | changes
    pair = {name: np.array([[value], [np.nan]]) for name, value in values.items()}
    none = np.zeros((2, 1), dtype=np.int64)
    return ChainQuotes(
        strikes=np.array([24_500.0]), bid_qty=none, ask_qty=none, volume=none, oi=none, oi_chg=none, **pair
    )


CASES = [
    ({}, 100.0, Basis.MID, False),
    ({"bid": 80.0, "ask": 108.0}, 94.0, Basis.MID, False),
    ({"bid": 80.0, "ask": 109.0}, 100.0, Basis.LAST, True),  # wider than 30 % of its mid
    ({"bid": 101.0, "ask": 99.0}, 100.0, Basis.LAST, True),  # crossed
    ({"bid": np.nan}, 100.0, Basis.LAST, True),
    ({"bid": np.nan, "ask": np.nan}, 100.0, Basis.LAST, False),  # a recording of closes
    ({"bid": np.nan, "ask": np.nan, "age": 121.0}, 100.0, Basis.LAST, True),
    ({"age": 121.0}, 100.0, Basis.MID, True),
    ({"bid": np.nan, "ask": np.nan, "ltp": np.nan, "age": np.nan}, np.nan, Basis.NONE, False),
    ({"bid": 0.0, "ltp": 0.0}, np.nan, Basis.NONE, False),
]


@pytest.mark.parametrize(("quoted", "price", "basis", "stale"), CASES)
def test_the_price_used(quoted: dict[str, float], price: float, basis: Basis, stale: bool) -> None:
    used = used_prices(one(**quoted))
    assert used.price[0, 0] == pytest.approx(price, nan_ok=True)
    assert (used.basis[0, 0], bool(used.stale[0, 0])) == (basis, stale)
    assert used.basis[1, 0] == Basis.NONE


def test_the_uncertainty_is_half_the_spread_and_at_least_half_a_tick() -> None:
    assert used_prices(one(bid=99.0, ask=101.0)).half_spread[0, 0] == 1.0
    assert used_prices(one(bid=100.0, ask=100.0)).half_spread[0, 0] == 0.025
    assert used_prices(one(bid=np.nan)).half_spread[0, 0] == 0.025


def test_paise_at_the_edge() -> None:
    assert in_paise(np.array([49.725, 0.05, 24512.1, np.nan, 0.0])) == [4973, 5, 2451210, None, 0]

"""Limits that must trade at once, inside the exchange's protection range."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.bands import USUAL, lpp_range, marketable_limit


@pytest.mark.parametrize(
    ("reference", "low", "high"),
    [(50_00, 30_00, 70_00), (50_05, 30_05, 70_05), (100_00, 60_00, 140_00), (10_00, 5, 30_00), (5, 5, 20_05)],
)
def test_protection_range(reference: int, low: int, high: int) -> None:
    assert lpp_range(reference_paise=reference, tick_paise=5, protection=USUAL) == (low, high)


@pytest.mark.parametrize(
    ("side", "ltp", "expected"),
    [
        ("BUY", 100_00, 102_00),
        ("SELL", 100_00, 98_00),
        ("BUY", 101_05, 103_10),  # 2 % is 2.021: up to the next tick for a buy
        ("SELL", 101_05, 99_00),
        ("BUY", 10_00, 10_50),  # a small premium gets ₹0.50
        ("SELL", 10_00, 9_50),
        ("SELL", 20, 5),  # never below one tick
    ],
)
def test_limit_two_percent_beyond_the_price(side: str, ltp: int, expected: int) -> None:
    assert (
        marketable_limit(side=side, ltp_paise=ltp, protection_pct=2, tick_paise=5, protection=USUAL)
        == expected
    )


def test_slack_widens_the_limit() -> None:
    limit = marketable_limit(
        side="BUY",
        ltp_paise=100_00,
        protection_pct=Decimal("0.5"),
        tick_paise=5,
        protection=USUAL,
        slack_paise=100,
    )
    assert limit == 101_50


def test_limit_stays_inside_the_protection_range() -> None:
    assert (
        marketable_limit(side="BUY", ltp_paise=100_00, protection_pct=60, tick_paise=5, protection=USUAL)
        == 140_00
    )
    assert (
        marketable_limit(side="SELL", ltp_paise=100_00, protection_pct=60, tick_paise=5, protection=USUAL)
        == 60_00
    )


@given(
    side=st.sampled_from(["BUY", "SELL"]),
    ltp=st.integers(1, 500_000).map(lambda ticks: ticks * 5),
    pct=st.decimals(0, 100, places=2),
)
def test_a_limit_is_on_the_grid_and_lets_the_last_price_trade(side: str, ltp: int, pct: Decimal) -> None:
    limit = marketable_limit(side=side, ltp_paise=ltp, protection_pct=pct, tick_paise=5, protection=USUAL)
    assert limit % 5 == 0
    assert limit >= ltp if side == "BUY" else 5 <= limit <= ltp

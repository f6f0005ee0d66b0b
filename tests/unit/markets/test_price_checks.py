"""Which prices an exchange takes, by date, group and underlying."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.bands import (
    USUAL,
    PriceRange,
    Protection,
    auction_band,
    check_price,
    lpp_range,
    operating_range,
    protection,
)
from qlplatform.core.errors import UserError
from tests.unit.markets.facts import rules

NOV_2026 = date(2026, 11, 25)
OPTION, FUTURE, SHARES = USUAL, Protection(Decimal(2), 200_00), Protection(Decimal(3), 1_50)
BEFORE = Protection(Decimal(5), 0)


@pytest.mark.parametrize(
    ("exchange", "group", "underlying", "on", "expected"),
    [
        ("NSE", "INDEX_OPT", "NIFTY", "2026-11-25", OPTION),
        ("NSE", "INDEX_OPT", "NIFTY", "2022-06-08", OPTION),  # the execution range had the same numbers
        ("NSE", "STOCK_OPT", "RELIANCE", "2026-11-25", OPTION),
        ("NSE", "INDEX_FUT", "NIFTY", "2022-10-30", BEFORE),
        ("NSE", "INDEX_FUT", "NIFTY", "2022-10-31", FUTURE),  # NSE/FAOP/54242
        ("NSE", "INDEX_FUT", "NIFTY", "2022-11-01", FUTURE),
        ("NSE", "STOCK_FUT", "RELIANCE", "2022-10-31", SHARES),
        ("BSE", "INDEX_FUT", "SENSEX", "2025-11-30", BEFORE),
        ("BSE", "INDEX_FUT", "SENSEX", "2025-12-01", FUTURE),
        ("BSE", "INDEX_FUT", "SENSEX", "2025-12-02", FUTURE),
        ("BSE", "STOCK_FUT", "RELIANCE", "2026-07-06", SHARES),
        ("BSE", "INDEX_OPT", "FOCIT", "2026-05-11", Protection(Decimal(80), 80_00)),
        ("BSE", "INDEX_FUT", "FOCIT", "2026-05-11", FUTURE),
        ("BSE", "INDEX_OPT", "SENSEX", "2026-05-11", OPTION),
    ],
)
def test_protection_by_date(
    exchange: str, group: str, underlying: str, on: str, expected: Protection
) -> None:
    day = date.fromisoformat(on)
    assert protection(rules(), exchange=exchange, group=group, underlying=underlying, on=day) == expected


def test_stock_futures_of_bse_had_no_protection_before_6_july_2026() -> None:
    with pytest.raises(UserError) as refused:
        protection(rules(), exchange="BSE", group="STOCK_FUT", on=date(2026, 7, 5))
    assert refused.value.code == "fact_missing"


@pytest.mark.parametrize(
    ("allowed", "reference", "expected"),
    [
        (FUTURE, 24_000_00, (23_520_00, 24_480_00)),  # 2 %
        (FUTURE, 8_000_00, (7_800_00, 8_200_00)),  # at least ₹200
        (SHARES, 1_500_00, (1_455_00, 1_545_00)),  # 3 %
        (SHARES, 30_00, (28_50, 31_50)),  # at least ₹1.50
        (OPTION, 3_00, (5, 23_00)),  # never below one tick
    ],
)
def test_room_around_the_reference(allowed: Protection, reference: int, expected: tuple[int, int]) -> None:
    assert lpp_range(reference_paise=reference, tick_paise=5, protection=allowed) == expected


def test_operating_range_of_an_index_future() -> None:
    day = {"base_paise": 24_000_00, "tick_paise": 10, "exchange": "NSE", "group": "INDEX_FUT", "on": NOV_2026}
    assert operating_range(rules(), **day) == (21_600_00, 26_400_00)
    assert operating_range(rules(), **day, flexes=1) == (20_400_00, 27_600_00)
    assert operating_range(rules(), **day, drill=True) == (22_800_00, 25_200_00)


def test_options_have_no_range_of_their_own_here() -> None:
    with pytest.raises(UserError, match="operating_range of INDEX_OPT"):
        operating_range(
            rules(), base_paise=100_00, tick_paise=5, exchange="NSE", group="INDEX_OPT", on=NOV_2026
        )


@pytest.mark.parametrize(
    ("group", "on", "expected"),
    [
        ("STOCK_FUT", "2026-08-02", None),
        ("STOCK_FUT", "2026-08-03", (970_00, 1_030_00)),
        ("INDEX_FUT", "2026-09-06", None),
        ("INDEX_FUT", "2026-09-07", (970_00, 1_030_00)),
    ],
)
def test_band_during_the_closing_auction(group: str, on: str, expected: tuple[int, int] | None) -> None:
    band = auction_band(
        rules(),
        reference_paise=1_000_00,
        tick_paise=5,
        exchange="NSE",
        group=group,
        on=date.fromisoformat(on),
    )
    assert band == expected


PROTECTED, OPERATING = PriceRange(60_00, 140_00), PriceRange(5, 300_00)


@pytest.mark.parametrize(
    ("side", "price", "code"),
    [
        ("BUY", 100_00, "ok"),
        ("BUY", 140_00, "ok"),
        ("BUY", 140_05, "above_protection"),
        ("BUY", 10_00, "ok"),  # far below: it waits
        ("SELL", 60_00, "ok"),
        ("SELL", 59_95, "below_protection"),
        ("SELL", 200_00, "ok"),  # far above: it waits
        ("SELL", 300_05, "out_of_range"),
        ("BUY", 0, "not_positive"),
        ("SELL", -5, "not_positive"),
        ("BUY", 100_02, "off_tick"),
    ],
)
def test_verdicts(side: str, price: int, code: str) -> None:
    verdict = check_price(
        side=side, price_paise=price, tick_paise=5, protected=PROTECTED, operating=OPERATING
    )
    assert (verdict.code, verdict.ok, bool(verdict.text)) == (code, code == "ok", code != "ok")


def test_a_verdict_says_what_to_change() -> None:
    verdict = check_price(side="BUY", price_paise=140_05, tick_paise=5, protected=PROTECTED)
    assert verdict.text == "A buy above 140.00 is refused by limit price protection."


@given(
    reference=st.integers(1, 1_000_000).map(lambda ticks: ticks * 5), side=st.sampled_from(["BUY", "SELL"])
)
def test_the_reference_itself_is_always_taken(reference: int, side: str) -> None:
    for allowed in (OPTION, FUTURE, SHARES):
        around = lpp_range(reference_paise=reference, tick_paise=5, protection=allowed)
        assert around.low <= reference <= around.high
        assert check_price(side=side, price_paise=reference, tick_paise=5, protected=around).ok

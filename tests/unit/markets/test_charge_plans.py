"""Every broker's bill, every segment, BSE's fees by underlying, and what must hold for any order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.charges import Charges
from qlplatform.core.errors import UserError
from tests.unit.markets.facts import MARKET, charges, records

NOV_2026 = date(2026, 11, 25)
PLANS = sorted({(row["broker"], row["segment"]) for row in records(MARKET / "brokerage.csv")})
SEGMENTS = ["INDEX_OPT", "INDEX_FUT", "EQ_INTRADAY", "EQ_DELIVERY"]


def due(
    segment: str = "INDEX_OPT",
    *,
    side: str = "BUY",
    turnover_paise: int = 7_800_00,
    broker: str = "zerodha",
    exchange: str = "NSE",
    on: date = NOV_2026,
    **more: object,
) -> Charges:
    return charges().for_order(
        segment=segment,
        exchange=exchange,
        broker=broker,
        side=side,
        turnover_paise=turnover_paise,
        on=on,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("broker", "segment", "rupees", "bill"),
    [
        ("zerodha", "INDEX_OPT", 7_800, "20"),
        ("zerodha", "INDEX_FUT", 10_000, "3"),  # 0.03 %
        ("zerodha", "INDEX_FUT", 1_560_000, "20"),
        ("zerodha", "EQ_DELIVERY", 100_000, "0"),
        ("dhan", "INDEX_FUT", 1_560_000, "20"),
        ("fyers", "INDEX_OPT", 7_800, "2.34"),
        ("upstox", "INDEX_OPT", 7_800, "20"),
        ("angelone", "EQ_INTRADAY", 1_000, "5"),  # 0.1 %, at least ₹5
        ("groww", "EQ_INTRADAY", 10_000, "10"),
        ("shoonya", "INDEX_OPT", 7_800, "5"),
    ],
)
def test_brokerage(broker: str, segment: str, rupees: int, bill: str) -> None:
    assert due(segment, broker=broker, turnover_paise=rupees * 100).brokerage == Decimal(bill)


@pytest.mark.parametrize(
    ("on", "bill"), [("2026-09-01", 20), ("2026-09-02", 10), ("2026-09-30", 10), ("2026-10-01", 20)]
)
def test_the_api_promotion_of_upstox_ends(on: str, bill: int) -> None:
    assert due(broker="upstox", on=date.fromisoformat(on)).brokerage == bill


@pytest.mark.parametrize(("broker", "segment"), [plan for plan in PLANS if plan[1] in SEGMENTS])
def test_every_plan_that_ships_can_be_billed(broker: str, segment: str) -> None:
    assert due(segment, broker=broker, side="SELL").total > 0


def test_the_broker_s_own_square_off_costs_50_rupees_and_gst() -> None:
    usual, squared = due(), due(auto_square_off=True)
    assert (squared.square_off, squared.total - usual.total) == (50, 59)


def test_a_broker_whose_square_off_fee_is_unknown_is_named() -> None:
    with pytest.raises(UserError, match="brokerage AUTO_SQUAREOFF of upstox"):
        due(broker="upstox", auto_square_off=True)


@pytest.mark.parametrize(
    ("segment", "underlying", "fee"),
    [
        ("INDEX_OPT", "SENSEX", "32.5"),  # ₹3,250 a crore
        ("INDEX_OPT", "BANKEX", "32.5"),
        ("INDEX_OPT", "SENSEX50", "5"),
        ("INDEX_OPT", "FOCIT", "0"),
        ("INDEX_FUT", "SENSEX", "0"),
        ("INDEX_FUT", "FOCIT", "0"),
    ],
)
def test_fees_of_bse_by_underlying(segment: str, underlying: str, fee: str) -> None:
    charged = due(segment, exchange="BSE", underlying=underlying, turnover_paise=100_000_00)
    assert charged.exchange_txn == Decimal(fee)


@pytest.mark.parametrize(
    ("item", "on", "rate"),
    # per ₹1,00,000 sold, on the last day of a rate and on the first of the next
    [
        ("stt", "2023-03-31", "50"), ("stt", "2023-04-01", "62.5"),
        ("stt", "2024-09-30", "62.5"), ("stt", "2024-10-01", "100"),
        ("stt", "2026-03-31", "100"), ("stt", "2026-04-01", "150"),
        ("exchange_txn", "2024-09-30", "49.5"), ("exchange_txn", "2024-10-01", "35.03"),
        ("exchange_txn", "2026-02-28", "35.03"), ("exchange_txn", "2026-03-01", "35.52"),
        ("ipft", "2026-02-28", "0.5"), ("ipft", "2026-03-01", "0.01"),
    ],
)  # fmt: skip
def test_rates_of_index_options_change_on_their_day(item: str, on: str, rate: str) -> None:
    charged = due(side="SELL", turnover_paise=100_000_00, on=date.fromisoformat(on))
    assert charged.components()[item] == Decimal(rate)


def test_delivery_pays_stt_on_both_sides() -> None:
    assert [due("EQ_DELIVERY", side=side).stt for side in ("BUY", "SELL")] == [Decimal("7.8")] * 2


@given(
    segment=st.sampled_from(SEGMENTS),
    side=st.sampled_from(["BUY", "SELL"]),
    turnovers=st.tuples(st.integers(1, 10**12), st.integers(1, 10**12)).map(sorted),
)
def test_more_turnover_never_costs_less(segment: str, side: str, turnovers: list[int]) -> None:
    less, more = (due(segment, side=side, turnover_paise=paise) for paise in turnovers)
    assert all(less.components()[name] <= part for name, part in more.components().items())
    assert less.total_paise <= more.total_paise

"""What the simulated exchange accepts and the price it trades at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokers.gateway import InstrumentRef, OrderRequest, Side
from brokers.sandbox.exchange import ContractTerms, Floor, fill_price, malformed, match, refusal

CALL = InstrumentRef(key=7, exchange="NSE", symbol="NIFTY 16 JUN 15800 CE", lot_size=50, tick_paise=5)
ORDER = OrderRequest(
    tag="r1-1-L1-E-1", account_ref="acc_1", instrument=CALL, side=Side.BUY, qty=50, limit_paise=10_200
)
TERMS = ContractTerms(
    underlying="NIFTY",
    symbol=CALL.symbol,
    tradable=True,
    expiry=date(2022, 6, 16),
    lot_size=50,
    tick_paise=5,
    freeze_qty=1800,
)
FLOOR = Floor(account_open=True, market_open=True, underlying="NIFTY", today=date(2022, 6, 15))

paise = st.integers(5, 5_000_000)
slippage = st.integers(0, 5_000)
sides = st.sampled_from(Side)


def test_an_ordinary_order_is_accepted() -> None:
    assert malformed(ORDER) is None
    assert refusal(ORDER, TERMS, FLOOR) is None


@pytest.mark.parametrize(
    ("order", "terms", "floor", "code"),
    [
        (ORDER, TERMS, replace(FLOOR, account_open=False), "account_closed"),
        (ORDER, TERMS, replace(FLOOR, market_open=False), "market_closed"),
        (ORDER, TERMS, replace(FLOOR, underlying="BANKNIFTY"), "wrong_market"),
        (ORDER, replace(TERMS, tradable=False), FLOOR, "not_tradable"),
        (ORDER, TERMS, replace(FLOOR, today=date(2022, 6, 17)), "contract_expired"),
        (replace(ORDER, qty=75), TERMS, FLOOR, "lot_multiple"),
        (replace(ORDER, qty=1850), TERMS, FLOOR, "over_freeze"),
        (replace(ORDER, limit_paise=10_201), TERMS, FLOOR, "off_tick"),
    ],
)
def test_refusals(order: OrderRequest, terms: ContractTerms, floor: Floor, code: str) -> None:
    no = refusal(order, terms, floor)
    assert no is not None
    assert no.code == code


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (replace(ORDER, tag=""), "bad_tag"),
        (replace(ORDER, tag="x" * 21), "bad_tag"),
        (replace(ORDER, qty=0), "bad_quantity"),
        (replace(ORDER, qty=10_000_001), "bad_quantity"),
        (replace(ORDER, limit_paise=0), "bad_limit"),
        (replace(ORDER, limit_paise=1_00_00_000_01), "bad_limit"),
    ],
)
def test_orders_that_enter_no_book(order: OrderRequest, code: str) -> None:
    no = malformed(order)
    assert no is not None
    assert no.code == code


def test_the_last_day_of_a_contract_still_trades() -> None:
    assert refusal(ORDER, TERMS, replace(FLOOR, today=date(2022, 6, 16))) is None


def test_the_freeze_quantity_itself_is_allowed() -> None:
    assert refusal(replace(ORDER, qty=1800), TERMS, FLOOR) is None


def test_no_freeze_is_applied_where_none_is_known() -> None:
    assert refusal(replace(ORDER, qty=50_000), replace(TERMS, freeze_qty=None), FLOOR) is None


def test_a_market_without_underlying_trades_everything() -> None:
    assert refusal(ORDER, TERMS, replace(FLOOR, underlying="")) is None


@pytest.mark.parametrize(
    ("side", "limit", "price"),
    [
        (Side.BUY, 10_050, 10_050),
        (Side.BUY, 10_045, None),
        (Side.SELL, 9_950, 9_950),
        (Side.SELL, 9_955, None),
    ],
)
def test_the_limit_decides_inclusively(side: Side, limit: int, price: int | None) -> None:
    assert match(side=side, limit_paise=limit, ltp_paise=10_000, slippage_paise=50, tick_paise=5) == price


def test_nothing_trades_unquoted() -> None:
    assert match(side=Side.BUY, limit_paise=10_000, ltp_paise=None, slippage_paise=0, tick_paise=5) is None


def test_a_sale_never_goes_below_one_tick() -> None:
    assert fill_price(side=Side.SELL, ltp_paise=5, slippage_paise=100, tick_paise=5) == 5


@given(side=sides, ltp=paise, slip=slippage)
def test_slippage_is_always_against_the_trader(side: Side, ltp: int, slip: int) -> None:
    price = fill_price(side=side, ltp_paise=ltp, slippage_paise=slip, tick_paise=5)
    assert (price - ltp) * side.sign >= 0
    assert price >= 5


@given(side=sides, limit=paise, ltp=paise, slip=slippage)
def test_no_trade_is_worse_than_its_limit(side: Side, limit: int, ltp: int, slip: int) -> None:
    price = match(side=side, limit_paise=limit, ltp_paise=ltp, slippage_paise=slip, tick_paise=5)
    if price is not None:
        assert (limit - price) * side.sign >= 0

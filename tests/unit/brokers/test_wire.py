"""The venue's JSON: what goes out comes back the same."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokers.errors import BrokerError, NotSent, OutcomeUnknown, Rejected, SessionExpired, Throttled
from brokers.gateway import (
    InstrumentRef,
    OrderReport,
    OrderRequest,
    OrderStatus,
    PositionReport,
    Side,
    TradeReport,
)
from brokers.sandbox import wire
from qlplatform.core.errors import Malformed

AT = datetime(2022, 6, 15, 3, 51, tzinfo=UTC)
REPORT = OrderReport("V1", "tag", 7, Side.SELL, 50, 10_200, OrderStatus.FILLED, 50, AT)
ORDER = OrderRequest("tag", "acc_1", InstrumentRef(7, "NSE", "X", 50, 5), Side.BUY, 50, 10_200)

texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
numbers = st.integers(-(2**53), 2**53)


@given(
    st.builds(
        OrderRequest,
        tag=texts,
        account_ref=texts,
        instrument=st.builds(InstrumentRef, numbers, texts, texts, numbers, numbers),
        side=st.sampled_from(Side),
        qty=numbers,
        limit_paise=numbers,
    )
)
def test_orders_survive_the_wire(order: OrderRequest) -> None:
    assert wire.order_request(wire.load(wire.dump_order(order))) == order


@given(
    st.builds(
        OrderReport,
        broker_order_id=texts,
        tag=texts,
        instrument_key=numbers,
        side=st.sampled_from(Side),
        qty=numbers,
        limit_paise=numbers,
        status=st.sampled_from(OrderStatus),
        filled_qty=numbers,
        exchange_time=st.datetimes(timezones=st.just(UTC)),
        reason_code=texts,
        reason_text=texts,
    )
)
def test_order_reports_survive_the_wire(report: OrderReport) -> None:
    assert wire.order_report(wire.load(wire.dump(report))) == report


def test_trades_and_positions_survive_the_wire() -> None:
    trade = TradeReport("T1", "V1", "tag", 7, Side.BUY, 50, 10_050, AT)
    position = PositionReport(7, 50, 502_500, 0, 0)
    assert wire.trade_report(wire.load(wire.dump(trade))) == trade
    assert wire.position_report(wire.load(wire.dump(position))) == position


def test_a_new_status_word_is_unknown() -> None:
    data = {**asdict(REPORT), "status": "FROZEN", "exchange_time": AT.isoformat()}
    assert wire.order_report(data).status is OrderStatus.UNKNOWN


@pytest.mark.parametrize("kind", [NotSent, Throttled, SessionExpired, OutcomeUnknown, Rejected])
def test_errors_keep_kind_code_and_words(kind: type[BrokerError]) -> None:
    error = wire.load_error(400, wire.dump_error(kind("Plain words.", code="some_code")))
    assert (type(error), error.code, error.message) == (kind, "some_code", "Plain words.")


def test_a_rejection_keeps_its_order_id() -> None:
    error = wire.load_error(422, wire.dump_error(Rejected("No.", code="off_tick", broker_order_id="V9")))
    assert isinstance(error, Rejected)
    assert error.broker_order_id == "V9"


@pytest.mark.parametrize("body", [b"", b"<html>502</html>", b"[]", b'{"kind": "Other"}', b'{"code": "x"}'])
def test_an_answer_that_is_not_ours_leaves_the_outcome_unknown(body: bytes) -> None:
    assert type(wire.load_error(502, body)) is OutcomeUnknown


@pytest.mark.parametrize(
    "change", [{"side": "HOLD"}, {"qty": "many"}, {"instrument": {"key": 7}}, {"product": "CNC"}]
)
def test_an_unreadable_order_is_malformed(change: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        wire.order_request(wire.load(wire.dump_order(ORDER)) | change)


def test_a_body_that_is_not_json_is_malformed() -> None:
    with pytest.raises(Malformed):
        wire.load(b"{")

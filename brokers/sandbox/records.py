"""The venue's books in PostgreSQL. Each function runs in the venue's transaction, reports included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from brokers.gateway import OrderReport, OrderRequest, OrderStatus, Side, TradeReport
from brokers.models import BrokerAccount, VenueOrder, VenueTrade
from brokers.sandbox.exchange import Reason
from brokers.services import reports_record
from markets.models import Instrument
from qlplatform.core.clock import wall
from qlplatform.core.errors import OperatorError

NOTHING_SPECIAL = Reason("", "")


@dataclass(frozen=True, slots=True)
class Execution:
    """Units traded at a price."""

    qty: int
    price_paise: int


def order_draft(
    *, account: BrokerAccount, instrument: Instrument, request: OrderRequest, at: datetime
) -> VenueOrder:
    """The order of `request` as it arrives, not yet written."""
    return VenueOrder(
        account=account,
        market_id=account.market_id,
        instrument=instrument,
        tag=request.tag,
        side=request.side,
        qty=request.qty,
        limit_paise=request.limit_paise,
        status=OrderStatus.OPEN,
        accepted_at=at,
        updated_at=at,
        received_at=wall(),
    )


def order_add(order: VenueOrder, execution: Execution | None, refused: Reason | None) -> None:
    """Write a drafted order as the exchange answers it: refused, traded (whole or in part), or waiting."""
    if refused is not None:
        order.status, order.reason_code, order.reason_text = OrderStatus.REJECTED, refused.code, refused.text
    elif execution is not None:
        order.status, order.filled_qty = _after(order, execution)
    order.save()
    trades = [] if refused or execution is None else [_trade_add(order, execution, order.accepted_at)]
    reports_record(account=order.account, orders=[order_report(order)], trades=trades)


def order_fill(order: VenueOrder, execution: Execution, at: datetime, why: Reason = NOTHING_SPECIAL) -> None:
    """Trade some or all of what is left of a working order."""
    status, filled = _after(order, execution)
    _move(order, at, why, status=status, filled_qty=filled)
    reports_record(
        account=order.account, orders=[order_report(order)], trades=[_trade_add(order, execution, at)]
    )


def order_end(order: VenueOrder, status: OrderStatus, at: datetime, why: Reason = NOTHING_SPECIAL) -> None:
    """End a working order without a trade: cancelled, rejected or expired."""
    _move(order, at, why, status=status)
    reports_record(account=order.account, orders=[order_report(order)])


def _after(order: VenueOrder, execution: Execution) -> tuple[OrderStatus, int]:
    """Status and filled quantity of an order once `execution` happened."""
    filled = order.filled_qty + execution.qty
    return (OrderStatus.FILLED if filled == order.qty else OrderStatus.OPEN), filled


def _trade_add(order: VenueOrder, execution: Execution, at: datetime) -> TradeReport:
    trade = VenueTrade.objects.create(
        order=order, qty=execution.qty, price_paise=execution.price_paise, at=at
    )
    return trade_report(trade)


def _move(order: VenueOrder, at: datetime, why: Reason, **values: object) -> None:
    """Change a working order only if it still is what this venue believes it to be."""
    values |= {"updated_at": at, "reason_code": why.code, "reason_text": why.text}
    believed = VenueOrder.objects.filter(pk=order.pk, status=order.status, filled_qty=order.filled_qty)
    if believed.update(**values) != 1:
        raise OperatorError(
            f"Order {order.broker_order_id} was changed elsewhere: is a second venue running?"
        )
    for name, value in values.items():
        setattr(order, name, value)


def order_report(order: VenueOrder) -> OrderReport:
    """The order as the port sees it; a working order with fills is PARTIAL."""
    status = OrderStatus(order.status)
    partial = status is OrderStatus.OPEN and order.filled_qty > 0
    return OrderReport(
        broker_order_id=order.broker_order_id,
        tag=order.tag,
        instrument_key=order.instrument_id,
        side=Side(order.side),
        qty=order.qty,
        limit_paise=order.limit_paise,
        status=OrderStatus.PARTIAL if partial else status,
        filled_qty=order.filled_qty,
        exchange_time=order.updated_at,
        reason_code=order.reason_code,
        reason_text=order.reason_text,
    )


def trade_report(trade: VenueTrade) -> TradeReport:
    """The trade as the port sees it."""
    order = trade.order
    return TradeReport(
        trade_id=trade.trade_id,
        broker_order_id=order.broker_order_id,
        tag=order.tag,
        instrument_key=order.instrument_id,
        side=Side(order.side),
        qty=trade.qty,
        price_paise=trade.price_paise,
        exchange_time=trade.at,
    )

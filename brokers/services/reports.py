"""Keeping what brokers report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction

from brokers.gateway import OrderReport, TradeReport
from brokers.models import BrokerAccount, Report
from qlplatform.core.clock import wall

REPORTS_CHANNEL: Final = "ql_reports"


@transaction.atomic(savepoint=False)
def reports_record(
    *, account: BrokerAccount, orders: Sequence[OrderReport] = (), trades: Sequence[TradeReport] = ()
) -> None:
    """Keep what the broker said about `account` and wake the owner of its shard at commit.

    Known reports are ignored, so socket, postback, poll and look-up may all tell the same news. Trades come
    before orders: an order is never known to be filled while its trade is not. NOTIFY `ql_reports` carries
    the shard number.
    """
    now = wall()
    base = {"account": account, "shard": account.shard, "received_at": now}
    rows = [_trade_row(trade, base) for trade in trades] + [_order_row(order, base) for order in orders]
    Report.objects.bulk_create(rows, ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [REPORTS_CHANNEL, str(account.shard)])


def _order_row(order: OrderReport, base: dict[str, object]) -> Report:
    return Report(
        kind=Report.Kind.ORDER,
        broker_order_id=order.broker_order_id,
        tag=order.tag,
        status=order.status,
        filled_qty=order.filled_qty,
        qty=order.qty,
        price_paise=order.limit_paise,
        reason_code=order.reason_code,
        reason_text=order.reason_text,
        exchange_time=order.exchange_time,
        **base,
    )


def _trade_row(trade: TradeReport, base: dict[str, object]) -> Report:
    return Report(
        kind=Report.Kind.TRADE,
        broker_order_id=trade.broker_order_id,
        tag=trade.tag,
        trade_id=trade.trade_id,
        qty=trade.qty,
        price_paise=trade.price_paise,
        exchange_time=trade.exchange_time,
        **base,
    )

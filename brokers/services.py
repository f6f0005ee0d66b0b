"""Writes of the brokers app: opening paper accounts, keeping what brokers report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction

from brokers.gateway import OrderReport, TradeReport
from brokers.models import BrokerAccount, Report
from markets.models import Market
from qlplatform.core import audit
from qlplatform.core.clock import wall
from qlplatform.core.errors import UserError
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor

SHARDS: Final = 64
REPORTS_CHANNEL: Final = "ql_reports"


def shard_of(public_id: str) -> int:
    """Which of the 64 shards an account belongs to; the same in every process and release."""
    return int.from_bytes(hashlib.sha256(public_id.encode()).digest()[:8], "big") % SHARDS


@transaction.atomic
def account_open_paper(
    *, workspace: Workspace, market: Market, name: str, capital_paise: int, by: Actor
) -> BrokerAccount:
    """Open a paper account on `market` with `capital_paise` of starting cash.

    Raises UserError `invalid_capital` unless the capital is positive, `wrong_workspace` for another
    workspace's replay.
    """
    if capital_paise <= 0:
        raise UserError("Starting capital must be more than zero.", code="invalid_capital")
    if market.workspace_id not in (None, workspace.pk):
        raise UserError(
            "This replay belongs to another workspace; start one of your own.", code="wrong_workspace"
        )
    account = BrokerAccount(
        workspace=workspace, market=market, broker="paper", name=name, capital_paise=capital_paise
    )
    account.shard = shard_of(account.public_id)
    account.save()
    audit.record(
        "account.opened",
        by=by,
        target=account,
        text=f"Paper account “{name}” opened on {market}.",
        after={"broker": "paper", "market": market.public_id, "capital_paise": capital_paise},
    )
    return account


@transaction.atomic
def account_rename(*, account: BrokerAccount, name: str, brokerage_plan: str, by: Actor) -> BrokerAccount:
    """Change how an account is called and by which plan its brokerage is computed from now on."""
    current = BrokerAccount.objects.select_for_update().get(pk=account.pk)
    before = {"name": current.name, "brokerage_plan": current.brokerage_plan}
    current.name, current.brokerage_plan = name, brokerage_plan
    current.save(update_fields=["name", "brokerage_plan"])
    after = {"name": name, "brokerage_plan": brokerage_plan}
    audit.record("account.changed", by=by, target=current, before=before, after=after)
    return current


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

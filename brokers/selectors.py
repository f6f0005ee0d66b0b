"""Reads of the brokers app."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, Sum

from brokers.gateway import PositionReport
from brokers.models import BrokerAccount, VenueOrder, VenueTrade
from qlplatform.core.tenancy import Actor, ScopedQuerySet


def accounts(actor: Actor) -> ScopedQuerySet[BrokerAccount]:
    """The accounts the actor may see with their market, oldest first."""
    return BrokerAccount.objects.visible_to(actor).select_related("market").order_by("pk")


def venue_orders(account: BrokerAccount, since: datetime) -> list[VenueOrder]:
    """Orders of the account accepted since a market time, oldest first."""
    return list(VenueOrder.objects.filter(account=account, accepted_at__gte=since).order_by("pk"))


def venue_order_by_tag(account: BrokerAccount, tag: str) -> VenueOrder | None:
    """The oldest order carrying the tag."""
    return VenueOrder.objects.filter(account=account, tag=tag).order_by("pk").first()


def venue_trades(account: BrokerAccount, since: datetime) -> list[VenueTrade]:
    """Trades of the account since a market time, oldest first, with their orders."""
    rows = VenueTrade.objects.filter(order__account=account, at__gte=since)
    return list(rows.select_related("order").order_by("pk"))


def venue_positions(account: BrokerAccount) -> list[PositionReport]:
    """Units and money bought and sold by instrument over all trades of the account."""
    value = F("qty") * F("price_paise")
    buy, sell = Q(order__side="BUY"), Q(order__side="SELL")
    rows = (
        VenueTrade.objects.filter(order__account=account)
        .values("order__instrument_id")
        .annotate(
            buy_qty=Sum("qty", filter=buy, default=0),
            buy_value=Sum(value, filter=buy, default=0),
            sell_qty=Sum("qty", filter=sell, default=0),
            sell_value=Sum(value, filter=sell, default=0),
        )
        .order_by("order__instrument_id")
    )
    return [
        PositionReport(
            r["order__instrument_id"], r["buy_qty"], r["buy_value"], r["sell_qty"], r["sell_value"]
        )
        for r in rows
    ]

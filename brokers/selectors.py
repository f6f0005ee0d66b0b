"""Reads of the brokers app."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F, Q, QuerySet, Sum

from brokers.gateway import PositionReport
from brokers.models import BrokerAccount, InstrumentAlias, VenueOrder, VenueTrade
from markets.models import Instrument
from qlplatform.core.errors import NotFound
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


def alias_of(broker: str, instrument: Instrument) -> InstrumentAlias:
    """What the broker calls the instrument, with lot, tick and largest order as of its newest master.

    NotFound `alias_missing` when no master of the broker has listed it.
    """
    found = InstrumentAlias.objects.filter(broker=broker, instrument=instrument).first()
    if found is None:
        raise NotFound(
            f"No instrument master of {broker} lists {instrument}: run sync_instruments, or the broker does"
            " not offer it.",
            code="alias_missing",
        )
    return found


def instrument_by_token(broker: str, exchange: str, token: str, on: date) -> Instrument:
    """The instrument a broker's token stood for on a day; `exchange` is the broker's segment (NFO, NSE_FO).

    Tokens are given to other contracts later: of those listed and not expired on that day, it is the one told
    by the earliest master since, or else by the newest before. NotFound `token_unknown`.
    """
    listed = Q(instrument__first_seen=None) | Q(instrument__first_seen__lte=on)
    alive = InstrumentAlias.objects.filter(
        listed,
        Q(instrument__expiry=None) | Q(instrument__expiry__gte=on),
        broker=broker,
        exchange=exchange,
        token=token,
    ).select_related("instrument")
    since = alive.filter(seen_on__gte=on).order_by("seen_on", "pk")
    before = alive.filter(seen_on__lt=on).order_by("-seen_on", "-pk")
    found = since.first() or before.first()
    if found is None:
        raise NotFound(
            f"No instrument master of {broker} gave the number {token} in {exchange} to anything listed on"
            f" {on}.",
            code="token_unknown",
        )
    return found.instrument


def aliases_like(
    *, broker: str = "", instrument: str = "", token: str = "", text: str = ""
) -> QuerySet[InstrumentAlias]:
    """Names of instruments by broker, public id of the instrument, token, and part of the broker's symbol."""
    found = InstrumentAlias.objects.select_related("instrument").order_by("-pk")
    wanted = {
        "broker": broker,
        "instrument__public_id": instrument,
        "token": token,
        "symbol__icontains": text,
    }
    if any("\0" in value for value in wanted.values()):
        return found.none()
    return found.filter(**{field: value for field, value in wanted.items() if value})

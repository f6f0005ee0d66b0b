"""Reading markets and instruments: the live market, replays, the instruments of a chain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from markets.models import Instrument, Market
from qlplatform.core.actors import get_visible
from qlplatform.core.errors import NotFound, OperatorError
from qlplatform.core.tenancy import Actor


def live_market() -> Market:
    """The one live market; OperatorError `not_seeded` when the platform was never seeded."""
    market = Market.objects.filter(kind=Market.Kind.LIVE).first()
    if market is None:
        raise OperatorError("There is no live market yet: run `manage.py seed`.", code="not_seeded")
    return market


def markets_of(actor: Actor) -> QuerySet[Market]:
    """The live market and the replays the actor may see, newest first."""
    own = Market.objects.visible_to(actor).values("pk")
    return Market.objects.filter(Q(kind=Market.Kind.LIVE) | Q(pk__in=own)).order_by("-pk")


def chain_rows(ids: Iterable[int]) -> list[Instrument]:
    """The instruments with these keys, ordered as a chain: expiry, strike, right."""
    return list(
        Instrument.objects.filter(pk__in=[int(i) for i in ids]).order_by("expiry", "strike_paise", "kind")
    )


def market_of(actor: Actor, public_id: str) -> Market:
    """The live market, or a replay of the actor's; NotFound for any other."""
    # PostgreSQL refuses text with NUL, so no id has one
    market = None if "\0" in public_id else markets_of(actor).filter(public_id=public_id).first()
    if market is None:
        raise NotFound(f"There is no market “{public_id}” in this workspace.")
    return market


def instrument(public_id: str) -> Instrument:
    """The instrument with this public id; instruments belong to nobody. Raises NotFound."""
    found = None if "\0" in public_id else Instrument.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound(f"There is no instrument “{public_id}”.")
    return found


def instruments_like(
    *, underlying: str = "", expiry: date | None = None, text: str = ""
) -> QuerySet[Instrument]:
    """Instruments of an underlying and expiry whose symbol holds every word of `text`."""
    found = Instrument.objects.all()
    if underlying:
        found = found.filter(underlying=underlying.upper())
    if expiry:
        found = found.filter(expiry=expiry)
    for word in text.split():
        found = found.filter(symbol__icontains=word)
    return found


def session_shown(actor: Actor, public_id: str = "") -> Market | None:
    """The replay a page shows: the one asked for, else the workspace's newest; None before the first.

    Raises NotFound for one that does not exist for the actor.
    """
    replays = Market.objects.visible_to(actor).filter(kind=Market.Kind.REPLAY)
    if not public_id:
        return replays.order_by("-pk").first()
    return get_visible(replays, actor, public_id)

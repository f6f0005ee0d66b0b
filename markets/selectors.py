"""Reading markets: the dated facts as pure look-up objects, the live market, the instruments of a chain."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from markets.domain.calendar import HolidayRow, SessionRow, TradingCalendar
from markets.domain.charges import BrokerageRow, ChargeRow, ChargeSchedule
from markets.domain.contracts import ContractFacts, ContractRow
from markets.models import BrokerageRate, ChargeRate, ContractFact, Holiday, Instrument, Market, SessionTime
from qlplatform.core.actors import get_visible
from qlplatform.core.errors import NotFound, OperatorError
from qlplatform.core.tenancy import Actor

T = TypeVar("T")

# Facts change a few times a year; another process sees an admin's edit within this time.
FACTS_LIVE_S = 60.0
_facts: dict[str, tuple[float, Any]] = {}


def reload_facts() -> None:
    """Forget the facts of this process, so that the next look-up reads the tables."""
    _facts.clear()


def _cached(name: str, build: Callable[[], T]) -> T:
    known = _facts.get(name)
    if known is None or known[0] < time.monotonic():
        known = _facts[name] = (time.monotonic() + FACTS_LIVE_S, build())
    facts: T = known[1]
    return facts


def calendar(exchange: str = "NSE") -> TradingCalendar:
    """The trading calendar of an exchange's derivatives."""
    return _cached(f"calendar {exchange}", lambda: _calendar(exchange))


def calendar_of(underlying: str) -> TradingCalendar:
    """The trading calendar of the exchange an underlying's contracts trade on."""
    return calendar(contract_facts().exchange(underlying))


def contract_facts() -> ContractFacts:
    """Lots, freeze quantities, ticks and expiries by date."""
    return _cached("contracts", lambda: ContractFacts(_contract_rows(), calendar()))


def charge_schedule() -> ChargeSchedule:
    """Taxes, fees and brokerage by date."""
    return _cached("charges", lambda: ChargeSchedule(_charge_rows(), _brokerage_rows()))


def _calendar(exchange: str) -> TradingCalendar:
    return TradingCalendar(
        [_holiday(row) for row in Holiday.objects.all()], _session_rows(), exchange=exchange
    )


def _holiday(row: Holiday) -> HolidayRow:
    times = ((row.session_open, row.session_close), (row.session2_open, row.session2_close))
    return HolidayRow(
        date=row.date,
        exchange=row.exchange,
        segment=row.segment,
        kind=row.kind,
        name=row.name,
        confirmed=row.confidence == Holiday.Confidence.CONFIRMED,
        sittings=tuple((start, end) for start, end in times if start and end),
    )


def _session_rows() -> Iterable[SessionRow]:
    for row in SessionTime.objects.exclude(open=None).exclude(close=None):
        yield SessionRow(row.segment, row.phase, row.open, row.close, row.effective_from, row.effective_to)  # type: ignore[arg-type]


def _contract_rows() -> Iterable[ContractRow]:
    fields = (
        "underlying",
        "exchange",
        "field",
        "value",
        "scope",
        "date_basis",
        "effective_from",
        "effective_to",
    )
    return (ContractRow(*row) for row in ContractFact.objects.values_list(*fields))


def _charge_rows() -> Iterable[ChargeRow]:
    fields = ("segment", "item", "rate", "unit", "side", "effective_from", "effective_to")
    return (ChargeRow(*row) for row in ChargeRate.objects.values_list(*fields))


def _brokerage_rows() -> Iterable[BrokerageRow]:
    fields = (
        "broker",
        "segment",
        "flat_inr",
        "pct",
        "cap_inr",
        "floor_inr",
        "effective_from",
        "effective_to",
    )
    return (BrokerageRow(*row) for row in BrokerageRate.objects.values_list(*fields))


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
    market = markets_of(actor).filter(public_id=public_id).first()
    if market is None:
        raise NotFound(f"There is no market “{public_id}” in this workspace.")
    return market


def instrument(public_id: str) -> Instrument:
    """The instrument with this public id; instruments belong to nobody. Raises NotFound."""
    found = Instrument.objects.filter(public_id=public_id).first()
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

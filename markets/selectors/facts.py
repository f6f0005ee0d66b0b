"""The dated facts of the exchanges as pure look-up objects, kept for a minute."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from markets.domain.calendar import HolidayRow, SessionRow, TradingCalendar
from markets.domain.charges import BrokerageRow, ChargeRow, ChargeSchedule
from markets.domain.contracts import ContractFacts, ContractRow
from markets.models import BrokerageRate, ChargeRate, ContractFact, Holiday, SessionTime

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

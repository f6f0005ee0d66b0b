"""The dated facts of the exchanges as pure look-up objects, kept for a minute.

They come from the tables, or inside `facts_from_files` from the files that ship with the project.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar

from django.db.models import Model

from markets.domain.bands import Protection, protection
from markets.domain.calendar import DERIVATIVES, HolidayRow, Phase, SessionRow, TradingCalendar
from markets.domain.charges import BrokerageRow, ChargeRow, ChargeSchedule
from markets.domain.contracts import ContractFacts, ContractRow
from markets.domain.halts import HaltRow
from markets.domain.listing import Listing, listing
from markets.domain.rules import Rule, RuleBook
from markets.fact_files import all_rows
from markets.models import (
    BrokerageRate,
    ChargeRate,
    ContractFact,
    Halt,
    Holiday,
    Instrument,
    MarketRule,
    SessionTime,
)

T = TypeVar("T")
M = TypeVar("M", bound=Model)

# Facts change a few times a year; another process sees an admin's edit within this time.
FACTS_LIVE_S = 60.0
_facts: dict[str, tuple[float, Any]] = {}
_from_files = False


def reload_facts() -> None:
    """Forget the facts of this process, so that the next look-up reads the tables."""
    _facts.clear()


@contextmanager
def facts_from_files() -> Iterator[None]:
    """Read the facts from the project's files instead of the tables: for commands without a database."""
    global _from_files  # noqa: PLW0603
    before = _from_files
    reload_facts()
    _from_files = True
    try:
        yield
    finally:
        _from_files = before
        reload_facts()


def _rows(model: type[M]) -> Iterable[M]:
    return all_rows().get(model, []) if _from_files else model._default_manager.all()  # type: ignore[return-value]


def _cached(name: str, build: Callable[[], T]) -> T:
    known = _facts.get(name)
    if known is None or known[0] < time.monotonic():
        known = _facts[name] = (time.monotonic() + FACTS_LIVE_S, build())
    facts: T = known[1]
    return facts


def calendar(exchange: str = "NSE", segment: str = DERIVATIVES) -> TradingCalendar:
    """The trading calendar of a segment of an exchange: FO (derivatives), CM, CM_FO_UNDERLYING."""
    return _cached(f"calendar {exchange} {segment}", lambda: _calendar(exchange, segment))


def session(
    segment: str, on: date, *, exchange: str = "NSE", group: str = "INDEX_OPT", expiring: bool = False
) -> tuple[Phase, ...]:
    """The phases of a day for instruments of a group, in order; () when it does not trade."""
    return calendar(exchange, segment).phases(on, expiring=expiring, group=group)


def rules() -> RuleBook:
    """Numbers of exchanges and regulators by date: price protection, limits, halts, margins, rates."""
    return _cached("rules", lambda: RuleBook(_rule_rows()))


def calendar_of(underlying: str) -> TradingCalendar:
    """The trading calendar of the exchange an underlying's contracts trade on."""
    return calendar(contract_facts().exchange(underlying))


def contract_facts() -> ContractFacts:
    """Lots, freeze quantities, ticks and expiries by date."""
    return _cached("contracts", lambda: ContractFacts(_contract_rows(), calendar()))


def listing_of(underlying: str, on: date, *, quoted: Iterable[date] = ()) -> Listing:
    """The expiries the exchange listed of an underlying on a trade date, with those `quoted` that day."""
    return listing(contract_facts(), underlying, on, quoted=quoted)


def instrument_group(kind: str, underlying: str) -> str:
    """The group rules speak of: INDEX_OPT, INDEX_FUT, STOCK_OPT, STOCK_FUT, or EQ for a share. An underlying
    of our contract facts is an index.
    """
    ending = {"CE": "OPT", "PE": "OPT", "FUT": "FUT"}.get(kind)
    if ending is None:
        return "EQ"
    return f"INDEX_{ending}" if underlying in contract_facts().underlyings() else f"STOCK_{ending}"


def price_protection(instrument: Instrument, on: date) -> Protection:
    """Limit price protection of an instrument on a trade date; UserError `fact_missing` if not known."""
    return protection(
        rules(),
        exchange=instrument.exchange,
        group=instrument_group(instrument.kind, instrument.underlying),
        underlying=instrument.underlying,
        on=on,
    )


def charge_schedule() -> ChargeSchedule:
    """Taxes, fees and brokerage by date."""
    return _cached("charges", lambda: ChargeSchedule(_charge_rows(), _brokerage_rows()))


def _calendar(exchange: str, segment: str) -> TradingCalendar:
    return TradingCalendar(
        [_holiday(row) for row in _rows(Holiday)],
        _session_rows(),
        listed_years=rules().listed_years(exchange),
        exchange=exchange,
        segment=segment,
        halts=_halt_rows(),
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
    for row in _rows(SessionTime):
        if row.open is not None and row.close is not None:
            yield SessionRow(
                row.segment, row.phase, row.open, row.close, row.effective_from, row.effective_to
            )


def _halt_rows() -> Iterable[HaltRow]:
    fields = ("exchange", "segment", "starts_at", "pre_open_at", "resumes_at", "reason")
    rows = sorted(_rows(Halt), key=attrgetter("starts_at"))
    return (HaltRow(*attrgetter(*fields)(row)) for row in rows)


def _rule_rows() -> Iterable[Rule]:
    for row in _rows(MarketRule):
        yield Rule(
            name=row.name,
            exchange=row.exchange,
            subject=row.subject,
            value=row.value,
            unit=row.unit,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            confirmed=row.confidence == MarketRule.Confidence.CONFIRMED,
        )


def _contract_rows() -> Iterable[ContractRow]:
    for row in _rows(ContractFact):
        yield ContractRow(
            underlying=row.underlying,
            exchange=row.exchange,
            field=row.field,
            value=row.value,
            scope=row.scope,
            date_basis=row.date_basis,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            confirmed=row.confidence == ContractFact.Confidence.CONFIRMED,
        )


def _charge_rows() -> Iterable[ChargeRow]:
    fields = ("segment", "item", "rate", "unit", "side", "effective_from", "effective_to")
    return (ChargeRow(*attrgetter(*fields)(row)) for row in _rows(ChargeRate))


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
    return (BrokerageRow(*attrgetter(*fields)(row)) for row in _rows(BrokerageRate))

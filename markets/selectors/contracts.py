"""What is known of a day and of an underlying, in one place: the reading behind the API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from markets.domain.calendar import HOLIDAY, SATURDAY, DaySession, TradingCalendar
from markets.domain.contracts import ContractFacts
from markets.selectors.facts import calendar, contract_facts
from qlplatform.core.errors import NotFound, UserError

T = TypeVar("T")
AHEAD = timedelta(days=100)
ORDINARY, WEEKEND, UNKNOWN = "ordinary", "weekend", "unknown"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of an exchange. `kind`: ordinary, weekend, holiday, muhurat, special or unknown (a year whose
    list is not confirmed). `expiring_session`: the hours of index contracts that expire on it.
    """

    on: date
    kind: str
    name: str
    trades: bool
    session: DaySession | None
    expiring: tuple[str, ...]
    expiring_session: DaySession | None


@dataclass(frozen=True, slots=True)
class ContractDay:
    """An expiry of an underlying. `confirmed`: the holiday list of its year is known."""

    expiry: date
    nominal: date
    monthly: bool
    confirmed: bool
    lot_size: int | None


@dataclass(frozen=True, slots=True)
class Underlying:
    """What is known of an underlying's contracts on a trade date; None where no fact tells."""

    symbol: str
    exchange: str
    on: date
    freeze_qty: int | None
    freeze_confirmed: bool
    freeze_qty_future: int | None
    tick_paise: int | None
    tick_paise_future: int | None
    strike_step_paise: int | None
    option_style: str | None
    contracts: tuple[ContractDay, ...]


def calendar_days(exchange: str, start: date, end: date) -> tuple[CalendarDay, ...]:
    """Every day from `start` to `end` (both included)."""
    days = calendar(exchange)
    expiring = _expiring(exchange, days, start, end)
    return tuple(_day(days, start + timedelta(ahead), expiring) for ahead in range((end - start).days + 1))


def _day(days: TradingCalendar, on: date, expiring: dict[date, list[str]]) -> CalendarDay:
    row, names = days.day_row(on), tuple(expiring.get(on, ()))
    return CalendarDay(
        on=on,
        kind=_kind(days, on),
        name=row.name if row else "",
        trades=days.session(on) is not None,
        session=days.session(on),
        expiring=names,
        expiring_session=days.session(on, expiring=True) if names else None,
    )


def _kind(days: TradingCalendar, on: date) -> str:
    row = days.day_row(on)
    if row is not None and (row.kind != HOLIDAY or days.confirmed_year(on.year)):
        return row.kind.lower()
    if on.weekday() >= SATURDAY:
        return WEEKEND
    return ORDINARY if days.confirmed_year(on.year) else UNKNOWN


def _expiring(exchange: str, days: TradingCalendar, start: date, end: date) -> dict[date, list[str]]:
    """Underlyings by the day their contracts expire, as far as the holiday lists are known."""
    while end >= start and not days.confirmed_year(end.year):
        end = date(end.year - 1, 12, 31)
    facts, found = contract_facts(), defaultdict(list)
    for symbol in facts.underlyings():
        if facts.exchange(symbol) == exchange and days.confirmed_year(start.year):
            for expiry in facts.expiries(symbol, start, end):
                found[expiry.on].append(symbol)
    return found


def underlyings(on: date) -> tuple[Underlying, ...]:
    """Every underlying we hold facts of, as known on trade date `on`."""
    return tuple(underlying(symbol, on) for symbol in contract_facts().underlyings())


def underlying(symbol: str, on: date) -> Underlying:
    """What is known of `symbol` on trade date `on`. NotFound `unknown_underlying` without any fact of it."""
    facts = contract_facts()
    if symbol not in facts.underlyings():
        raise NotFound(f"No contract facts of {symbol} are known.", code="unknown_underlying")
    freeze = facts.freeze_row(symbol, on)
    return Underlying(
        symbol=symbol,
        exchange=facts.exchange(symbol),
        on=on,
        freeze_qty=int(freeze.value) if freeze else None,
        freeze_confirmed=freeze is not None and freeze.confirmed,
        freeze_qty_future=_known(lambda: facts.freeze_qty(symbol, on, future=True)),
        tick_paise=_known(lambda: facts.tick_paise(symbol, on)),
        tick_paise_future=_known(lambda: facts.tick_paise(symbol, on, future=True)),
        strike_step_paise=_known(lambda: facts.strike_step_paise(symbol, on)),
        option_style=_known(lambda: facts.option_style(symbol, on)),
        contracts=_contracts(facts, symbol, on),
    )


def _contracts(facts: ContractFacts, symbol: str, on: date) -> tuple[ContractDay, ...]:
    days = calendar(facts.exchange(symbol))
    return tuple(
        ContractDay(
            expiry=each.on,
            nominal=each.nominal,
            monthly=each.monthly,
            confirmed=days.confirmed_year(each.on.year),
            lot_size=_known(lambda expiry=each.on: facts.lot_size(symbol, expiry, on)),  # type: ignore[misc]
        )
        for each in facts.expiries(symbol, on, on + AHEAD, listed_on=on)
    )


def _known(fact: Callable[[], T]) -> T | None:
    try:
        return fact()
    except UserError:
        return None

"""The facts that ship with the project, read from their CSV files: what the pure tests look things up in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path

from markets.domain.calendar import HolidayRow, SessionRow, TradingCalendar
from markets.domain.charges import BrokerageRow, ChargeRow, ChargeSchedule
from markets.domain.contracts import ContractFacts, ContractRow
from markets.domain.halts import HaltRow
from markets.domain.rules import Rule, RuleBook

ROOT = Path(__file__).parents[3]
MARKET = ROOT / "data" / "market"


def records(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _sittings(row: dict[str, str]) -> tuple[tuple[time, time], ...]:
    pairs = ((row["session_open"], row["session_close"]), (row["session2_open"], row["session2_close"]))
    return tuple(
        (time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs if start and end
    )


def holiday_rows() -> list[HolidayRow]:
    return [
        HolidayRow(
            date=date.fromisoformat(row["date"]),
            exchange=row["exchange"],
            segment=row["segment"],
            kind=row["kind"],
            name=row["name"],
            confirmed=row["confidence"] == "confirmed",
            sittings=_sittings(row),
        )
        for row in records(MARKET / "holidays.csv")
    ]


def session_rows() -> list[SessionRow]:
    return [
        SessionRow(
            segment=row["segment"],
            phase=row["phase"],
            open=time.fromisoformat(row["open"]),
            close=time.fromisoformat(row["close"]),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=day(row["effective_to"]),
        )
        for row in records(MARKET / "sessions.csv")
        if row["open"] and row["close"]
    ]


@cache
def rules() -> RuleBook:
    return RuleBook(
        Rule(
            name=row["name"],
            exchange=row["exchange"],
            subject=row["subject"],
            value=Decimal(row["value"]),
            unit=row["unit"],
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=day(row["effective_to"]),
            confirmed=row["confidence"] == "confirmed",
        )
        for row in records(MARKET / "rules.csv")
    )


@cache
def calendar(exchange: str = "NSE", segment: str = "FO") -> TradingCalendar:
    return with_halts(exchange=exchange, segment=segment)


def with_halts(*halts: HaltRow, exchange: str = "NSE", segment: str = "FO") -> TradingCalendar:
    return TradingCalendar(
        holiday_rows(),
        session_rows(),
        listed_years=rules().listed_years(exchange),
        exchange=exchange,
        segment=segment,
        halts=halts,
    )


@cache
def contracts() -> ContractFacts:
    fields = ("underlying", "exchange", "field", "value", "scope", "date_basis")
    rows = [
        ContractRow(
            *(row[name] for name in fields),
            date.fromisoformat(row["effective_from"]),
            day(row["effective_to"]),
            row["confidence"] == "confirmed",
        )
        for row in records(MARKET / "contracts.csv")
    ]
    return ContractFacts(rows, calendar())


@cache
def charges() -> ChargeSchedule:
    rates = [
        ChargeRow(
            segment=row["segment"],
            item=row["item"],
            rate=Decimal(row["rate"]),
            unit=row["unit"],
            side=row["side"],
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=day(row["effective_to"]),
        )
        for row in records(MARKET / "charges.csv")
    ]
    plans = [
        BrokerageRow(
            broker=row["broker"],
            segment=row["segment"],
            flat=amount(row["flat_inr"]),
            percent=amount(row["pct"]),
            cap=amount(row["cap_inr"]),
            floor=amount(row["floor_inr"]),
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=day(row["effective_to"]),
        )
        for row in records(MARKET / "brokerage.csv")
    ]
    return ChargeSchedule(rates, plans)

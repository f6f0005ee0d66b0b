"""The shipped margin rules as a book of parameters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from markets.domain.margin import ParameterBook
from markets.domain.rules import Rule, RuleBook
from tests.unit.markets.facts import MARKET, day, records


@cache
def shipped() -> RuleBook:
    return RuleBook(
        Rule(
            name=row["name"],
            exchange=row["exchange"],
            subject=row["subject"],
            value=Decimal(row["value"]),
            unit=row["unit"],
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=day(row["effective_to"]),
        )
        for row in records(MARKET / "margin_rules.csv")
    )


def margin_book(underlying: str = "NIFTY", group: str = "INDEX") -> ParameterBook:
    return ParameterBook(shipped(), underlying=underlying, group=group, exchange="NSE")

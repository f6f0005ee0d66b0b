"""Freeze quantities: the exchange's figure by trade date, its table by index level as a check."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from markets.domain.contracts import ContractRow
from markets.domain.freeze import FACT, TABLE, freeze_by_level, freeze_of
from qlplatform.core.errors import UserError
from tests.unit.markets.facts import MARKET, contracts, day, records, rules

DAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("level", "qty"),
    [
        ("5750", 8500), ("5750.05", 5500), ("8625", 5500), ("11500", 4200), ("17250", 2800),
        ("17250.05", 1800), ("27500", 1800), ("27500.05", 1200), ("40000", 1200), ("55000", 900),
        ("55000.05", 600), ("90000", 600),
    ],
)  # fmt: skip
def test_the_table_by_level(level: str, qty: int) -> None:
    assert freeze_by_level(rules(), Decimal(level), DAY) == qty


def test_a_figure_of_the_exchange_is_a_fact() -> None:
    freeze = freeze_of(contracts(), rules(), underlying="NIFTY", on=DAY)
    assert (freeze.qty, freeze.origin) == (1800, FACT)


def test_without_a_figure_the_table_serves_and_is_only_believed() -> None:
    """FINNIFTY at 17,000 in November 2021, a month whose circular was not found."""
    on = date(2021, 11, 15)
    with pytest.raises(UserError) as refused:
        freeze_of(contracts(), rules(), underlying="FINNIFTY", on=on)
    assert refused.value.code == "fact_missing"
    freeze = freeze_of(contracts(), rules(), underlying="FINNIFTY", on=on, level=Decimal(17_000))
    assert (freeze.qty, freeze.origin, freeze.confirmed) == (2800, TABLE, False)


def figures() -> list[ContractRow]:
    return [
        ContractRow(
            row["underlying"], row["exchange"], row["field"], row["value"], row["scope"], row["date_basis"],
            date.fromisoformat(row["effective_from"]), day(row["effective_to"]),
        )
        for row in records(MARKET / "contracts.csv")
        if row["field"] == "freeze_qty" and row["scope"] == "all"
    ]  # fmt: skip


@pytest.mark.parametrize("row", figures(), ids=lambda row: f"{row.underlying} {row.effective_from}")
def test_each_figure_holds_from_its_first_to_its_last_day_and_not_beside(row: ContractRow) -> None:
    facts, end = contracts(), row.effective_to or DAY
    assert [facts.freeze_qty(row.underlying, on) for on in (row.effective_from, end)] == [int(row.value)] * 2
    beside = (row.effective_from - timedelta(days=1), end + timedelta(days=1))
    for on in beside if row.effective_to else beside[:1]:
        found = facts.freeze_row(row.underlying, on)
        assert found is None or found.effective_from != row.effective_from

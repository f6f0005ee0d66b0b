"""Margin by the seeded rules: which group an underlying is of, and the warning before an expiry day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from markets.domain.margin import MarginLeg
from markets.seeding import seed_markets
from markets.selectors import reload_facts
from markets.selectors.margin import MarginAnswer, margin_estimate
from tests.unit.markets.margin.published import DAY, SPOT_PAISE, option

EXPIRY = date(2026, 6, 30)
SHORT = MarginLeg("CE", EXPIRY, -65, 24_000_00, 90_00)


@pytest.fixture(autouse=True)
def _facts(db: None) -> Iterator[None]:
    seed_markets()
    yield
    reload_facts()


def estimate(leg: MarginLeg, on: date, underlying: str = "NIFTY", spot: int = 23_950_00) -> MarginAnswer:
    return margin_estimate([leg], underlying=underlying, on=on, spot_paise=spot)


def test_figures_are_those_of_the_rules_that_ship() -> None:
    found = estimate(option(-1, 23_700, "CE"), DAY, spot=SPOT_PAISE).structure
    assert round(found.margin.span_paise / 100) == 144_130
    assert found.margin.exposure_paise == 30_612_08
    assert found.basis == "estimate"


@pytest.mark.parametrize(
    ("on", "warned"), [("2026-06-26", False), ("2026-06-29", True), ("2026-06-30", False)]
)
def test_warned_on_the_trading_day_before_expiry(on: str, warned: bool) -> None:
    found = estimate(SHORT, date.fromisoformat(on))
    assert bool(found.warning) == warned
    if warned:
        assert found.warning.startswith("On 30 Jun 2026 ")
        assert "₹31,135.00 more" in found.warning


def test_what_is_no_index_is_a_stock() -> None:
    future = MarginLeg("FUT", EXPIRY, 400, price_paise=1_500_00)
    found = estimate(future, DAY, "INFY", 1_500_00).structure.margin
    assert found.span_paise == round(0.142 * 1_500 * 400 * 100)
    assert found.exposure_paise == 21_000_00


def test_before_the_rule_expiry_day_cost_nothing_more() -> None:
    old = MarginLeg("CE", date(2024, 11, 14), -25, 24_000_00, 90_00)
    assert estimate(old, date(2024, 11, 14)).structure.margin.expiry_addon_paise == 0
    assert estimate(old, date(2024, 11, 13)).warning == ""

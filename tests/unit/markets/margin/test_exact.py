"""The file's arrays added up: every number here is computed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from markets.domain.margin import FileSpread, FileUnderlying, MarginLeg, Underlying, structure_margin
from markets.domain.margin.arrays import RiskArray
from qlplatform.core.errors import UserError
from tests.unit.markets.margin.book import margin_book

DAY, NEAR, FAR = date(2026, 6, 25), date(2026, 6, 30), date(2026, 7, 28)
LEVEL = Underlying("NIFTY", DAY, 24_000_00)


def array(up: float, down: float, *, delta: float, price: float = 0.0) -> RiskArray:
    """Losses: `up` in scenario 11, `down` in scenario 13, nothing elsewhere."""
    losses = np.zeros(16)
    losses[10], losses[12] = up, down
    return RiskArray(losses, delta=delta, price=price)


FILE = FileUnderlying(
    name="NIFTY",
    spot_paise=24_000_00,
    contracts={
        ("FUT", NEAR, 0): array(-2000, 2000, delta=1.0),
        ("FUT", FAR, 0): array(-2010, 2010, delta=1.0),
        ("CE", NEAR, 24_500_00): array(-900, 60, delta=0.25, price=60.0),
        ("CE", NEAR, 25_000_00): array(-500, 20, delta=0.10, price=20.0),
    },
    future_prices={NEAR: 24_100_00, FAR: 24_250_00},
    spreads=(FileSpread(NEAR, FAR, 420.0),),
)


def future(qty: int, expiry: date = NEAR) -> MarginLeg:
    return MarginLeg("FUT", expiry, qty)


def call(qty: int, strike: int) -> MarginLeg:
    return MarginLeg("CE", NEAR, qty, strike * 100)


def rupees(*legs: MarginLeg, on: date = DAY, file: FileUnderlying = FILE) -> dict[str, float]:
    found = structure_margin(legs, replace(LEVEL, on=on), margin_book(), file)
    assert found.basis == "exact"
    assert found.file_day == on
    assert found.needed_paise == found.margin.total_paise
    margin = found.margin
    parts = ("scan", "spread_charge", "net_option_value", "span", "exposure", "expiry_addon", "total")
    return {part: getattr(margin, f"{part}_paise") / 100 for part in parts}


def test_short_call() -> None:
    """Scan 65 × 900; its value of -65 × 60 raises the requirement; exposure 2 % of 24,000 × 65."""
    assert rupees(call(-65, 24_500)) == {
        "scan": 58_500,
        "spread_charge": 0,
        "net_option_value": -3_900,
        "span": 62_400,
        "exposure": 31_200,
        "expiry_addon": 0,
        "total": 93_600,
    }


def test_long_call_needs_its_premium_only() -> None:
    """Scan 65 × 60, and its value takes all of it away."""
    found = rupees(call(65, 24_500))
    assert (found["scan"], found["net_option_value"], found["total"]) == (3_900, 3_900, 0)


def test_vertical_spread() -> None:
    """Up: 65 × (900 - 500) = 26,000; value 65 × (20 - 60) = -2,600; one short leg's exposure."""
    found = rupees(call(-65, 24_500), call(65, 25_000))
    assert (found["scan"], found["span"], found["exposure"]) == (26_000, 28_600, 31_200)


def test_calendar_spread() -> None:
    """Down: 65 × (2000 - 2010) < 0, up: 65 × 10; 65 spreads of 420; exposure on each future's price."""
    found = rupees(future(65), future(-65, FAR))
    assert (found["scan"], found["spread_charge"], found["span"]) == (650, 27_300, 27_950)
    assert found["exposure"] == 0.02 * 65 * (24_100 + 24_250)


def test_calendar_spread_of_a_part() -> None:
    """Deltas +16.25 near and -65 far: 16.25 spreads."""
    assert rupees(call(65, 24_500), future(-65, FAR))["spread_charge"] == 16.25 * 420


def test_same_direction_makes_no_spread() -> None:
    assert rupees(future(65), future(65, FAR))["spread_charge"] == 0


def test_expiry_day_ends_the_offset() -> None:
    """Each future alone: 65 × 2000 + 65 × 2010, no spread."""
    found = rupees(future(65), future(-65, FAR), on=NEAR)
    assert (found["scan"], found["spread_charge"]) == (130_000 + 130_650, 0)


def test_expiry_day_addon_is_for_short_options_of_that_day() -> None:
    found = rupees(call(-65, 24_500), call(65, 25_000), on=NEAR)
    assert (found["span"], found["expiry_addon"]) == (28_600, 31_200)
    assert rupees(call(-65, 24_500))["expiry_addon"] == 0


@pytest.mark.parametrize(
    ("on", "offset", "addon"),
    [
        (date(2024, 11, 19), True, 0),
        (date(2024, 11, 20), True, 31_200),
        (date(2025, 2, 9), True, 31_200),
        (date(2025, 2, 10), False, 31_200),
    ],
)
def test_the_rules_of_expiry_day_are_dated(on: date, offset: bool, addon: int) -> None:
    near = {
        ("FUT", on, 0): FILE.contracts["FUT", NEAR, 0],
        ("CE", on, 1): FILE.contracts["CE", NEAR, 24_500_00],
    }
    file = replace(FILE, contracts={**FILE.contracts, **near}, future_prices={}, spreads=())
    calendar = structure_margin(
        [MarginLeg("FUT", on, 65, price_paise=1), MarginLeg("FUT", FAR, -65, price_paise=1)],
        replace(LEVEL, on=on),
        margin_book(),
        file,
    )
    assert (calendar.margin.scan_paise == 650_00) == offset
    short = structure_margin([MarginLeg("CE", on, -65, 1)], replace(LEVEL, on=on), margin_book(), file)
    assert short.margin.expiry_addon_paise == addon * 100


def test_next_expiry_day_is_seen_coming() -> None:
    """Today 27,950 + exposure; on the near leg's expiry 260,650 + exposure."""
    found = structure_margin([future(65), future(-65, FAR)], LEVEL, margin_book(), FILE)
    assert found.expiry_jump is not None
    assert found.expiry_jump.on == NEAR
    assert found.expiry_jump.extra_paise == (260_650 - 27_950) * 100


def test_short_option_minimum() -> None:
    """3 % of 24,000 per unit is more than scan risk nobody has; a long option does not need it."""
    file = replace(
        FILE, short_option_minimum=720.0, contracts={("CE", NEAR, 24_500_00): array(0, 0, delta=0)}
    )
    assert rupees(call(-65, 24_500), file=file)["span"] == 46_800
    assert rupees(call(65, 24_500), file=file)["span"] == 0


def test_worst_scenario_counts_from_one() -> None:
    assert structure_margin([future(-65)], LEVEL, margin_book(), FILE).margin.worst_scenario == 11
    assert structure_margin([future(65)], LEVEL, margin_book(), FILE).margin.worst_scenario == 13


def test_unknown_contract_is_named() -> None:
    with pytest.raises(UserError) as caught:
        rupees(call(-65, 26_000))
    assert caught.value.code == "contract_not_in_file"
    assert "26000 CE" in caught.value.message


def test_nothing_held_needs_nothing() -> None:
    assert structure_margin([], LEVEL, margin_book(), FILE).margin.total_paise == 0

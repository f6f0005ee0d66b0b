"""Lots, freeze quantities, ticks and expiries by date."""

from __future__ import annotations

from datetime import date

import pytest

from qlplatform.core.errors import UserError
from tests.unit.markets.facts import ROOT, contracts, records

DERIVED = list(records(ROOT / "tests" / "data" / "expiries_derived.csv"))
END = date(2026, 12, 31)


@pytest.mark.parametrize("underlying", sorted({row["underlying"] for row in DERIVED}))
def test_expiries_match_the_table_of_known_ones(underlying: str) -> None:
    known = [
        (row["expiry_date"], row["nominal_date"], row["scope"])
        for row in DERIVED
        if row["underlying"] == underlying
    ]
    ours = [
        (expiry.on.isoformat(), expiry.nominal.isoformat(), "monthly" if expiry.monthly else "weekly")
        for expiry in contracts().expiries(underlying, date.fromisoformat(min(known)[0]), END)
    ]
    assert ours == sorted(known)


@pytest.mark.parametrize(
    "day",
    # moved off a holiday
    [
        "2019-03-20",
        "2020-04-01",
        "2021-11-03",
        "2023-06-28",
        "2025-10-20",
        "2026-03-02",
        "2026-03-30",
        "2026-11-23",
    ],
)
def test_nifty_expiries_moved_by_a_holiday(day: str) -> None:
    on = date.fromisoformat(day)
    (expiry,) = contracts().expiries("NIFTY", on, on)
    assert expiry.on == on < expiry.nominal


def test_weekly_series_includes_the_monthly_of_its_week() -> None:
    assert contracts().weekly_expiries("NIFTY", date(2022, 6, 8), date(2022, 6, 30)) == tuple(
        date(2022, 6, day) for day in (9, 16, 23, 30)
    )
    assert contracts().weekly_expiries("BANKNIFTY", date(2026, 1, 1), date(2026, 6, 30)) == ()


def test_expiries_of_an_unconfirmed_year_are_refused() -> None:
    with pytest.raises(UserError) as caught:
        contracts().expiries("NIFTY", date(2027, 1, 1), date(2027, 1, 31))
    assert caught.value.code == "calendar_unknown"


@pytest.mark.parametrize(
    ("underlying", "expiry", "lot"),
    [
        ("NIFTY", "2021-07-22", 75),
        ("NIFTY", "2021-07-29", 50),  # the monthly changed a week before the weeklies
        ("NIFTY", "2021-08-05", 50),
        ("NIFTY", "2022-06-09", 50),
        ("NIFTY", "2022-06-30", 50),
        ("NIFTY", "2024-05-02", 25),
        ("NIFTY", "2025-01-02", 75),
        ("NIFTY", "2025-01-30", 25),  # the January monthly kept the old lot while weeklies had the new one
        ("NIFTY", "2025-12-30", 75),
        ("NIFTY", "2026-01-06", 65),
        ("NIFTY", "2026-11-23", 65),
        ("NIFTY", "2027-01-26", 65),  # listed although the calendar of 2027 is not known yet
        ("BANKNIFTY", "2023-07-27", 15),
        ("BANKNIFTY", "2023-07-20", 25),
        ("BANKNIFTY", "2024-01-10", 15),
        ("BANKNIFTY", "2026-01-27", 30),
        ("SENSEX", "2024-06-07", 10),
        ("SENSEX", "2025-01-28", 10),
        ("SENSEX", "2026-11-26", 20),
    ],
)
def test_lot_belongs_to_the_expiry(underlying: str, expiry: str, lot: int) -> None:
    assert contracts().lot_size(underlying, date.fromisoformat(expiry)) == lot


@pytest.mark.parametrize(
    ("underlying", "on", "qty"),
    [
        ("NIFTY", "2022-06-08", 2800),
        ("NIFTY", "2022-07-04", 2800),
        ("NIFTY", "2023-07-05", 1800),
        ("NIFTY", "2026-11-25", 1800),
        ("BANKNIFTY", "2024-01-10", 900),
        ("BANKNIFTY", "2026-05-15", 900),
        ("BANKNIFTY", "2026-07-15", 600),
        ("FINNIFTY", "2026-03-02", 1200),
    ],
)
def test_freeze_quantity_belongs_to_the_trade_date(underlying: str, on: str, qty: int) -> None:
    assert contracts().freeze_qty(underlying, date.fromisoformat(on)) == qty


def test_tick_and_exchange() -> None:
    assert contracts().tick_paise("NIFTY") == 5
    assert contracts().tick_paise("SENSEX", date(2026, 11, 25)) == 5
    assert contracts().exchange("SENSEX") == "BSE"


def test_a_missing_fact_names_underlying_field_and_date() -> None:
    with pytest.raises(UserError) as caught:
        contracts().freeze_qty("NIFTY", date(2018, 6, 8))
    assert caught.value.code == "fact_missing"
    assert caught.value.context == {"subject": "NIFTY", "field": "freeze_qty", "date": "2018-06-08"}
    assert caught.value.message.startswith("No freeze_qty of NIFTY is known for 08 Jun 2018.")


def test_an_unknown_underlying_has_no_lot() -> None:
    with pytest.raises(UserError, match="No lot_size of WHEAT is known for 09 Jun 2022"):
        contracts().lot_size("WHEAT", date(2022, 6, 9))

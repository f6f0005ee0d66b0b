"""What an exchange lists on a day: as many weekly, serial, quarterly and half-yearly contracts as it did."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.listing import Listing, listing
from tests.unit.markets.facts import contracts

FAR = "2027-06-29 2027-12-28 2028-06-27 2028-12-26 2029-06-26 2029-12-24 2030-06-25 2030-12-31"


def days(text: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(each) for each in text.split())


def listed(underlying: str, on: str, quoted: str = "") -> Listing:
    return listing(contracts(), underlying, date.fromisoformat(on), quoted=days(quoted))


@pytest.mark.parametrize(
    ("underlying", "on", "expected"),
    [
        ("NIFTY", "2026-01-13", "2026-01-13 2026-01-20 2026-01-27 2026-02-03 2026-02-10 2026-02-24 "
         f"2026-03-30 2026-06-30 2026-09-29 2026-12-29 {FAR}"),
        ("NIFTY", "2026-02-06", "2026-02-10 2026-02-17 2026-02-24 2026-03-02 2026-03-10 2026-03-30 "
         f"2026-04-28 2026-06-30 2026-09-29 2026-12-29 {FAR}"),
        ("BANKNIFTY", "2026-02-18", "2026-02-24 2026-03-30 2026-04-28 2026-06-30 2026-09-29 2026-12-29"),
        ("BANKNIFTY", "2025-01-01", "2025-01-29 2025-02-26 2025-03-26 2025-06-25 2025-09-24 2025-12-31"),
        ("BANKNIFTY", "2023-10-06", "2023-10-11 2023-10-18 2023-10-26 2023-11-01 2023-11-08 2023-11-30 "
         "2023-12-28 2024-03-28 2024-06-27 2024-09-26"),
        ("BANKNIFTY", "2020-02-10", "2020-02-13 2020-02-20 2020-02-27 2020-03-05 2020-03-12 2020-03-19 "
         "2020-03-26 2020-04-01 2020-04-09 2020-04-30"),
        ("MIDCPNIFTY", "2026-08-18", "2026-08-25 2026-09-29 2026-10-27"),
    ],
)  # fmt: skip
def test_expiries_are_those_of_the_exchanges_files(underlying: str, on: str, expected: str) -> None:
    assert listed(underlying, on).expiries == days(expected)


def test_monthly_contracts_futures_and_the_weekly_series() -> None:
    day = listed("BANKNIFTY", "2023-10-06")
    assert day.monthlies == days("2023-10-26 2023-11-30 2023-12-28 2024-03-28 2024-06-27 2024-09-26")
    assert day.futures == days("2023-10-26 2023-11-30 2023-12-28")
    assert day.weekly
    assert not listed("BANKNIFTY", "2024-11-14").weekly


def test_the_last_weekly_of_recorded_data_is_no_monthly() -> None:
    day = listed("NIFTY", "2022-06-08", "2022-06-09")
    assert day.monthlies[0] == date(2022, 6, 30)
    assert day.expiries[:3] == days("2022-06-09 2022-06-16 2022-06-23")


def test_what_is_quoted_was_listed() -> None:
    day = listed("NIFTY", "2022-06-08", "2022-06-02 2022-08-11 2023-01-26")
    assert days("2022-08-11 2023-01-26")[0] in day.expiries
    assert date(2022, 6, 2) not in day.expiries  # over
    assert date(2022, 8, 11) not in day.monthlies
    assert date(2023, 1, 26) in day.expiries


def test_nothing_is_known_of_an_unknown_underlying() -> None:
    assert listed("NOBODY", "2022-06-08") == Listing()
    assert listed("NOBODY", "2022-06-08", "2022-06-30") == Listing(days("2022-06-30"), (), (), weekly=True)


@given(
    st.sampled_from(["NIFTY", "BANKNIFTY", "FINNIFTY", "SENSEX"]),
    st.dates(date(2021, 2, 1), date(2026, 12, 1)),
)
def test_listings_ascend_and_series_are_parts_of_them(underlying: str, on: date) -> None:
    today = listing(contracts(), underlying, on)
    assert today.expiries == tuple(sorted(set(today.expiries)))
    assert set(today.futures) <= set(today.monthlies) <= set(today.expiries)
    assert today.expiries[0] >= on
    assert today.weekly or today.expiries == today.monthlies
    assert len(today.futures) == 3

"""The trading calendar against the facts of data/market."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from markets.domain.calendar import HolidayRow, TradingCalendar
from qlplatform.core.clock import IST
from qlplatform.core.errors import UserError
from tests.unit.markets.facts import calendar, holiday_rows, rules, session_rows

# the muhurat session of 2026, whose hours nobody has told
UNTIMED = "Closed: the hours of “Diwali Laxmi Pujan - Muhurat session” are not known, opens Mon 09:15"


def hours(day: str, *, expiring: bool = False) -> str:
    session = calendar().session(date.fromisoformat(day), expiring=expiring)
    if session is None:
        return "closed"
    return " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in session.sittings)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2022-06-08", "09:15-15:30"),
        ("2026-07-31", "09:15-15:30"),
        ("2026-08-03", "09:15-15:40"),  # NSE/FAOP/74467
        ("2026-12-04", "09:15-15:40"),
        ("2026-12-07", "09:15-15:45"),
        ("2022-06-11", "closed"),  # a Saturday
        ("2026-11-24", "closed"),  # Guru Nanak Jayanti
        ("2020-02-01", "09:15-15:30"),  # Saturday, Union Budget
        ("2024-01-20", "09:15-15:30"),  # Saturday, full session
        ("2024-03-02", "09:15-10:00 11:30-12:30"),  # Saturday, switch-over drill in two sittings
        ("2026-02-01", "09:15-15:30"),  # Sunday, Union Budget
        ("2021-02-24", "09:15-11:40 15:45-17:00"),  # the outage
        ("2021-11-04", "18:15-19:15"),  # muhurat
        ("2024-11-01", "18:00-19:00"),
        ("2025-10-21", "13:45-14:45"),
        ("2026-11-08", "closed"),  # muhurat whose times are not known
    ],
)
def test_hours_of_a_day(day: str, expected: str) -> None:
    assert hours(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-12-01", "09:15-15:40"), ("2026-12-08", "09:15-15:30"), ("2022-06-09", "09:15-15:30")],
)
def test_expiring_contracts_stop_earlier_from_7_december_2026(day: str, expected: str) -> None:
    assert hours(day, expiring=True) == expected


def test_sessions_are_aware_and_in_ist() -> None:
    session = calendar().session(date(2022, 6, 8))
    assert session is not None
    assert session.open.utcoffset() == timedelta(hours=5, minutes=30)
    assert session.open.isoformat() == "2022-06-08T09:15:00+05:30"


@pytest.mark.parametrize(
    ("year", "trading_days"),
    # weekdays without the muhurat ones, plus the weekend sessions of the year
    [
        (2019, 244),
        (2020, 250 + 1),
        (2021, 247),
        (2022, 247),
        (2023, 245),
        (2024, 245 + 3),
        (2025, 247 + 1),
        (2026, 245 + 1),
    ],
)
def test_trading_days_of_a_year(year: int, trading_days: int) -> None:
    start = date(year, 1, 1)
    days = [start + timedelta(n) for n in range(365 if year % 4 else 366)]
    assert sum(calendar().is_trading_day(day) for day in days) == trading_days


def test_every_holiday_of_the_table_is_closed() -> None:
    closed = [row.date for row in holiday_rows() if row.exchange == "NSE" and row.kind == "HOLIDAY"]
    assert [day for day in closed if calendar().is_trading_day(day)] == []


def test_muhurat_has_hours_but_is_no_trading_day() -> None:
    assert not calendar().is_trading_day(date(2024, 11, 1))
    assert calendar().next_trading_day(date(2024, 10, 31)) == date(2024, 11, 4)
    assert calendar().previous_trading_day(date(2024, 11, 4)) == date(2024, 10, 31)


def test_weekend_session_is_a_trading_day_but_no_expiry_day() -> None:
    saturday = date(2025, 2, 1)
    assert calendar().is_trading_day(saturday)
    assert not calendar().is_ordinary_day(saturday)
    assert calendar().next_trading_day(date(2025, 1, 31)) == saturday


def test_a_year_without_a_confirmed_list_does_not_trade() -> None:
    assert calendar().confirmed_year(2026)
    assert not calendar().confirmed_year(2027)
    assert calendar().session(date(2027, 1, 4)) is None
    with pytest.raises(UserError) as caught:
        calendar().next_trading_day(date(2026, 12, 31))
    assert caught.value.code == "calendar_unknown"
    assert "2027" in caught.value.message


def test_a_projected_list_does_not_confirm_a_year() -> None:
    guess = HolidayRow(date(2027, 1, 26), "NSE", "FO", "HOLIDAY", "Republic Day", confirmed=False)
    listed = rules().listed_years("NSE")
    assert not TradingCalendar([*holiday_rows(), guess], session_rows(), listed_years=listed).confirmed_year(
        2027
    )


def test_the_rule_holiday_list_confirms_a_year() -> None:
    listed = {*rules().listed_years("NSE"), 2027}
    days = TradingCalendar(holiday_rows(), session_rows(), listed_years=listed)
    assert days.session(date(2027, 1, 4)) is not None


def test_bse_has_its_own_rows() -> None:
    assert calendar("BSE").session(date(2021, 2, 24)) != calendar().session(date(2021, 2, 24))


@pytest.mark.parametrize(
    ("at", "code", "text"),
    [
        ("2026-11-25 13:53", "open", "Open, closes in 1h 47m"),
        ("2026-11-25 15:39", "open", "Open, closes in 1m"),
        ("2026-11-25 08:59", "closed", "Closed, opens 09:15"),
        ("2026-11-25 09:14", "pre_open", "Pre-open of futures, opens 09:15"),
        ("2026-11-08 14:00", "closed", UNTIMED),
        ("2026-11-25 15:40", "closed", "Closed, opens Thu 09:15"),
        ("2026-11-21 12:00", "closed", "Closed, opens Mon 09:15"),
        ("2026-11-24 12:00", "holiday", "Holiday: Guru Nanak Jayanti, opens Wed 09:15"),
        ("2024-03-02 10:30", "closed", "Closed, opens 11:30"),
        ("2024-03-02 11:30", "open", "Open, closes in 1h 00m"),
        ("2026-12-31 16:00", "closed", "Closed"),
        ("2027-01-04 10:00", "closed", "Closed: the holiday list of 2027 is not confirmed"),
    ],
)
def test_what_the_market_clock_says(at: str, code: str, text: str) -> None:
    state = calendar().describe(datetime.fromisoformat(at).replace(tzinfo=IST))
    assert (state.code, state.text) == (code, text)

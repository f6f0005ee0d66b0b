"""Which days, expiries, lots and hours a synthetic market has: those of the dated facts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qlplatform.core.errors import UserError
from tests.unit.markets.synthetic.worlds import days_of


def expiries(text: str) -> list[date]:
    return [date.fromisoformat(f"2025-{each}") for each in text.split()]


def test_six_sessions_over_a_weekly_expiry() -> None:
    days = days_of()
    assert [day.on for day in days] == expiries("11-13 11-14 11-17 11-18 11-19 11-20")
    quoted = [[each.expiry for each in day.options] for day in days]
    assert quoted == [expiries("11-18 11-25")] * 4 + [expiries("11-25 12-02")] * 2
    assert [[each.expiry for each in day.futures] for day in days] == [expiries("11-25 12-30")] * 6


def test_lots_ticks_and_hours_are_those_of_the_dates() -> None:
    first = days_of()[0]
    assert {each.lot for each in (*first.options, *first.futures)} == {75}
    assert (first.minutes, first.index_minutes, first.step_paise) == (375, 375, 50_00)
    assert (first.tick_paise, first.future_tick_paise) == (5, 10)


def test_hours_of_later_dates_differ_by_what_trades() -> None:
    november = days_of(first_day=date(2026, 11, 20), sessions=2)
    assert [(day.on, day.minutes, day.index_minutes) for day in november] == [
        (date(2026, 11, 20), 385, 360),
        (date(2026, 11, 23), 385, 360),
    ]
    (expiring,) = days_of(first_day=date(2026, 12, 8), sessions=1)
    assert (expiring.minutes, [each.minutes for each in expiring.options][:2]) == (390, [375, 390])
    assert expiring.futures[1].closes.date() == date(2027, 1, 25)  # its hours are not known yet


def test_a_monthly_series_alone() -> None:
    day = days_of(underlying="BANKNIFTY", sessions=1)[0]
    assert [each.expiry for each in day.options] == expiries("11-25 12-30")
    assert day.options[0].lot == 35


def test_more_months() -> None:
    day = days_of(months=2, sessions=1)[0]
    assert [each.expiry for each in day.options] == expiries("11-18 11-25 12-30")


def test_a_bse_underlying() -> None:
    day = days_of("BSE", underlying="SENSEX", sessions=1)[0]
    assert [each.expiry for each in day.options] == expiries("11-13 11-20 11-27")


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"underlying": "NOBODY"}, "unknown_underlying"),
        ({"sessions": 0}, "bad_plan"),
        ({"sessions": 61}, "bad_plan"),
        ({"strikes": 10}, "bad_plan"),
        ({"seed": -1}, "bad_plan"),
        ({"months": 4}, "bad_plan"),
        ({"vol": float("nan")}, "bad_plan"),
        ({"first_day": date(2031, 1, 1)}, "calendar_unknown"),
        ({"first_day": date(2017, 6, 1)}, "calendar_unknown"),
        ({"underlying": "NIFTYFPI"}, "nothing_listed"),
    ],
)
def test_what_cannot_be_made_is_refused(plan: dict[str, Any], code: str) -> None:
    with pytest.raises(UserError) as refused:
        days_of(**plan)
    assert refused.value.code == code

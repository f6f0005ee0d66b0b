"""Expiry days by dated rules: "Thu" of each week, "last Thu" of each month, moved off holidays."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from markets.domain.calendar import TradingCalendar

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LAST = "last "


@dataclass(frozen=True, slots=True)
class Expiry:
    """An expiry day; `nominal` is where the weekday rule puts it before holidays move it."""

    on: date
    nominal: date
    monthly: bool


def roll_back(nominal: date, calendar: TradingCalendar) -> date:
    """An expiry on a holiday moves to the previous ordinary day; muhurat and weekend sessions do not count.

    Raises UserError `calendar_unknown` for a year whose holiday list is not confirmed.
    """
    calendar.require_year(nominal.year)
    day = roll_back_expected(nominal, calendar)
    calendar.require_year(day.year)
    return day


def roll_back_expected(nominal: date, calendar: TradingCalendar) -> date:
    """As `roll_back`, going by the holidays known so far: how exchanges list contracts of far years."""
    day = nominal
    while not calendar.is_expected_day(day):
        day -= timedelta(days=1)
    return day


def last_weekday(year: int, month: int, weekday: str) -> date:
    """The last "Thu" (etc.) of a month."""
    end = date(year, month, monthrange(year, month)[1])
    return end - timedelta(days=(end.weekday() - WEEKDAYS.index(weekday)) % 7)


def weekdays_between(start: date, end: date, weekday: str) -> Iterator[date]:
    """Every "Thu" (etc.) from `start` to `end`, both included."""
    day = start + timedelta(days=(WEEKDAYS.index(weekday) - start.weekday()) % 7)
    while day <= end:
        yield day
        day += timedelta(days=7)


def months_between(start: date, end: date) -> Iterator[tuple[int, int]]:
    """(year, month) of every month touched from `start` to `end`."""
    for number in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        yield number // 12, number % 12 + 1


def same_week(one: date, other: date) -> bool:
    """Whether two days lie in one ISO week."""
    return one.isocalendar()[:2] == other.isocalendar()[:2]

"""What somebody has to see to before trading stops: missing holiday lists, hours nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from markets.domain.calendar import TradingCalendar
from markets.selectors.facts import calendar
from qlplatform.core.clock import IST

EXCHANGES = ("NSE", "BSE")
# The exchanges publish the list of a year in the middle of December before it.
ASKED_FROM_MONTH = 11
UNTIMED_AHEAD = timedelta(days=30)


def calendar_alerts(now: datetime) -> tuple[str, ...]:
    """Sentences for whoever runs the installation; () when all is well. Shown on the status and data pages,
    in the admin and, every morning, in the log.
    """
    today = now.astimezone(IST).date()
    return tuple(text for exchange in EXCHANGES for text in _of(calendar(exchange), today))


def _of(days: TradingCalendar, today: date) -> Iterator[str]:
    if not days.confirmed_year(today.year):
        yield (
            f"Live trading on {days.exchange} is off: its holiday list of {today.year} is not confirmed. "
            "Add the holidays in the admin, then the market rule “holiday_list” for the year."
        )
    following = today.year + 1
    if today.month >= ASKED_FROM_MONTH and not days.confirmed_year(following):
        left = (date(following, 1, 1) - today).days
        yield (
            f"The holiday list of {following} of {days.exchange} is not confirmed: live trading stops in "
            f"{left} days. The exchange publishes it in December; add it in the admin."
        )
    for row in days.untimed_sessions(today, today + UNTIMED_AHEAD):
        yield (
            f"{days.exchange}: the hours of “{row.name}” on {row.date:%d %b %Y} are not known, so it cannot "
            "be traded. Add them in the admin, under Holidays."
        )

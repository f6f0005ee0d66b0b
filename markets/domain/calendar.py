"""The trading calendar: which days trade, from when to when, and what a market clock should say.

Built from dated rows (holidays, session times); pure. Times go in and out aware; sessions are in IST.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from markets.domain.dated import newest
from qlplatform.core.clock import IST
from qlplatform.core.errors import UserError

HOLIDAY, MUHURAT, SPECIAL = "HOLIDAY", "MUHURAT", "SPECIAL"
NORMAL, EXPIRING = "normal", "normal_expiring"
SATURDAY = 5
LONGEST_CLOSURE_DAYS = 30


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A day that is no ordinary weekday session, with the times of its one or two sittings if it trades."""

    date: date
    exchange: str
    segment: str
    kind: str
    name: str
    confirmed: bool = True
    sittings: tuple[tuple[time, time], ...] = ()


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Open and close of a phase of a segment while in force."""

    segment: str
    phase: str
    open: time
    close: time
    effective_from: date
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class DaySession:
    """A day's trading in IST: from the first open to the last close, with a pause when there are two
    sittings.
    """

    sittings: tuple[tuple[datetime, datetime], ...]

    @property
    def open(self) -> datetime:
        return self.sittings[0][0]

    @property
    def close(self) -> datetime:
        return self.sittings[-1][1]

    def contains(self, at: datetime) -> bool:
        """Whether trading is on at `at` (open included, close not)."""
        return any(start <= at < end for start, end in self.sittings)


@dataclass(frozen=True, slots=True)
class MarketState:
    """What a market clock shows: `open`, `closed` or `holiday`, and the sentence."""

    code: str
    text: str


class TradingCalendar:
    """Days and hours of one segment of one exchange (NSE derivatives by default).

    A year without a confirmed holiday list does not trade at all: wrong hours are worse than none.
    """

    def __init__(
        self,
        holidays: Iterable[HolidayRow],
        sessions: Iterable[SessionRow],
        *,
        exchange: str = "NSE",
        segment: str = "FO",
    ) -> None:
        self._days = {row.date: row for row in holidays if (row.exchange, row.segment) == (exchange, segment)}
        self._sessions = [row for row in sessions if row.segment == segment]
        self._years = {row.date.year for row in self._days.values() if row.kind == HOLIDAY and row.confirmed}

    def confirmed_year(self, year: int) -> bool:
        """Whether the exchange's holiday list of `year` is known."""
        return year in self._years

    def is_ordinary_day(self, on: date) -> bool:
        """A weekday with its usual day session: what an expiry may fall on."""
        row = self._days.get(on)
        return (
            on.weekday() < SATURDAY and self.confirmed_year(on.year) and (row is None or row.kind == SPECIAL)
        )

    def is_trading_day(self, on: date) -> bool:
        """Ordinary days and special sessions; the muhurat hour does not make a trading day."""
        row = self._days.get(on)
        return self.is_ordinary_day(on) or (
            row is not None and row.kind == SPECIAL and self.session(on) is not None
        )

    def session(self, on: date, *, expiring: bool = False) -> DaySession | None:
        """The hours of `on`, the muhurat included; None when it does not trade or its times are unknown.

        `expiring`: of index contracts on their expiry day, which may stop earlier (15:30 from 7 Dec 2026:
        SEBI HO/47/11/11(3)2025-MRD-POD2/I/23843/2026 of 15-Oct-2026).
        """
        row = self._days.get(on)
        if row is not None:
            return _day_session(on, row.sittings) if row.kind != HOLIDAY else None
        if not self.is_ordinary_day(on):
            return None
        times = (expiring and self._phase(EXPIRING, on)) or self._phase(NORMAL, on)
        return _day_session(on, ((times.open, times.close),)) if times else None

    def _phase(self, phase: str, on: date) -> SessionRow | None:
        return newest((row for row in self._sessions if row.phase == phase), on)

    def holiday_name(self, on: date) -> str:
        """Why `on` is closed, "" for an ordinary day or weekend."""
        row = self._days.get(on)
        return row.name if row is not None and row.kind == HOLIDAY else ""

    def previous_trading_day(self, on: date) -> date:
        """The last trading day before `on`; UserError `calendar_unknown` without a holiday list."""
        return self._walk(on, -1)

    def next_trading_day(self, on: date) -> date:
        """The first trading day after `on`; UserError `calendar_unknown` without a holiday list."""
        return self._walk(on, 1)

    def _walk(self, on: date, step: int) -> date:
        day = on
        for _ in range(LONGEST_CLOSURE_DAYS):
            day += timedelta(days=step)
            if self.is_trading_day(day):
                return day
            self.require_year(day.year)
        raise UserError(
            f"No trading day within {LONGEST_CLOSURE_DAYS} days of {on:%d %b %Y}.", code="calendar_unknown"
        )

    def require_year(self, year: int) -> None:
        """Raise UserError `calendar_unknown` unless the holiday list of `year` is confirmed."""
        if not self.confirmed_year(year):
            raise UserError(
                f"The exchange's holiday list for {year} is not confirmed, so {year} cannot be traded or "
                "planned. Add it in the admin, under Holidays.",
                code="calendar_unknown",
                year=year,
            )

    def describe(self, now: datetime) -> MarketState:
        """What the market clock says at `now` (aware), e.g. "Open, closes in 1h 47m"."""
        local = now.astimezone(IST)
        session = self.session(local.date())
        if session is not None and session.contains(local):
            end = next(end for start, end in session.sittings if start <= local < end)
            return MarketState("open", f"Open, closes in {_span(end - local)}")
        opens = self._opens_text(local)
        if not self.confirmed_year(local.year):
            return MarketState("closed", f"Closed: the holiday list of {local.year} is not confirmed")
        if name := self.holiday_name(local.date()):
            return MarketState("holiday", f"Holiday: {name}{opens}")
        return MarketState("closed", f"Closed{opens}")

    def _opens_text(self, local: datetime) -> str:
        """ ", opens Mon 09:15", with the date when that is a week away; "" when it cannot be known."""
        for ahead in range(LONGEST_CLOSURE_DAYS):
            session = self.session(local.date() + timedelta(days=ahead))
            for start, _ in session.sittings if session else ():
                if start > local:
                    return f", opens {_when(start, ahead)}"
        return ""


def _day_session(on: date, sittings: tuple[tuple[time, time], ...]) -> DaySession | None:
    if not sittings:
        return None
    return DaySession(
        tuple(
            (datetime.combine(on, start, tzinfo=IST), datetime.combine(on, end, tzinfo=IST))
            for start, end in sittings
        )
    )


def _when(start: datetime, days_ahead: int) -> str:
    if days_ahead == 0:
        return f"{start:%H:%M}"
    return f"{start:%a %H:%M}" if days_ahead < 7 else f"{start:%a %d %b %H:%M}"


def _span(left: timedelta) -> str:
    """Hours and minutes, rounded up so that it never says 0m while open."""
    minutes = -(-int(left.total_seconds()) // 60)
    return f"{minutes // 60}h {minutes % 60:02d}m" if minutes >= 60 else f"{max(minutes, 1)}m"

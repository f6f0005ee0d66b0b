"""The trading calendar: which days trade, from when to when, and what a market clock should say.

Built from dated rows (holidays, session times); pure. Times go in and out aware; sessions are in IST.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from markets.domain.dated import newest
from markets.domain.halts import REOPENING, HaltRow, halt_state, without_halts
from qlplatform.core.clock import IST
from qlplatform.core.errors import UserError

HOLIDAY, MUHURAT, SPECIAL = "HOLIDAY", "MUHURAT", "SPECIAL"
NORMAL, EXPIRING, PRE_OPEN = "normal", "normal_expiring", "pre_open_futures"
INDEX_GROUPS = frozenset({"INDEX_OPT", "INDEX_FUT"})
FUTURES = frozenset({"INDEX_FUT", "STOCK_FUT"})
# phases some instruments of a segment do not have
ONLY_FOR = {
    PRE_OPEN: FUTURES,
    "close_price_vwap": FUTURES,
    "settlement_vwap_expiring": INDEX_GROUPS,
    "settlement_auction_expiring": INDEX_GROUPS,
}
# what a segment has no hours of its own for, it takes from another
FALLS_BACK_ON = {"CM_FO_UNDERLYING": "CM"}
DERIVATIVES = "FO"  # whose holiday list serves every segment: cash and derivatives rest on the same days
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
class Phase:
    """A part of a day in IST: continuous trading, an auction, the window of a closing price."""

    name: str
    open: datetime
    close: datetime


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
    """What a market clock shows: `open`, `pre_open`, `halted`, `pre_open_reopen`, `closed` or `holiday`, and
    the sentence.
    """

    code: str
    text: str


class TradingCalendar:
    """Days and hours of one segment of one exchange (NSE derivatives by default).

    `listed_years`: those whose holiday list the exchange has published. Any other year does not trade at all:
    wrong hours are worse than none.
    """

    def __init__(
        self,
        holidays: Iterable[HolidayRow],
        sessions: Iterable[SessionRow],
        *,
        listed_years: Collection[int],
        exchange: str = "NSE",
        segment: str = DERIVATIVES,
        halts: Iterable[HaltRow] = (),
    ) -> None:
        self.exchange, self.segment = exchange, segment
        mine = [row for row in holidays if row.exchange == exchange and row.segment in (DERIVATIVES, segment)]
        self._days = {row.date: row for row in sorted(mine, key=lambda row: row.segment == segment)}
        rows = list(sessions)
        self._sessions = [row for row in rows if row.segment == segment]
        self._others = [row for row in rows if row.segment == FALLS_BACK_ON.get(segment)]
        self._years = frozenset(listed_years)
        self._halts = [row for row in halts if (row.exchange, row.segment) == (exchange, segment)]

    def confirmed_year(self, year: int) -> bool:
        """Whether the exchange's holiday list of `year` is known."""
        return year in self._years

    def is_ordinary_day(self, on: date) -> bool:
        """A weekday with its usual day session: what an expiry may fall on."""
        return self.confirmed_year(on.year) and self.is_expected_day(on)

    def is_expected_day(self, on: date) -> bool:
        """As `is_ordinary_day`, going by the holidays known so far: how contracts of far years are listed."""
        row = self._days.get(on)
        return on.weekday() < SATURDAY and (row is None or row.kind == SPECIAL)

    def is_trading_day(self, on: date) -> bool:
        """Ordinary days and special sessions; the muhurat hour does not make a trading day."""
        row = self._days.get(on)
        return self.is_ordinary_day(on) or (
            row is not None and row.kind == SPECIAL and self.planned(on) is not None
        )

    def session(self, on: date, *, expiring: bool = False, group: str = "INDEX_OPT") -> DaySession | None:
        """The hours of `on` without its halts, the muhurat included; None when it does not trade or its times
        are unknown.

        `expiring`: of index contracts on their expiry day, which may stop earlier (15:30 from 7 Dec 2026:
        SEBI HO/47/11/11(3)2025-MRD-POD2/I/23843/2026 of 15-Oct-2026). `group`: INDEX_OPT, INDEX_FUT,
        STOCK_OPT, STOCK_FUT or EQ.
        """
        session = self.planned(on, expiring=expiring, group=group)
        if session is None:
            return None
        sittings = without_halts(session.sittings, self._halts_on(on))
        return DaySession(sittings) if sittings else None

    def planned(self, on: date, *, expiring: bool = False, group: str = "INDEX_OPT") -> DaySession | None:
        """The hours of `on` as the exchange announced them, whatever halted it."""
        row = self._days.get(on)
        if row is not None:
            return _day_session(on, row.sittings) if row.kind != HOLIDAY else None
        if not self.is_ordinary_day(on):
            return None
        early = expiring and group in INDEX_GROUPS
        times = (early and self._phase(EXPIRING, on)) or self._phase(NORMAL, on)
        return _day_session(on, ((times.open, times.close),)) if times else None

    def phases(self, on: date, *, expiring: bool = False, group: str = "INDEX_OPT") -> tuple[Phase, ...]:
        """Every part of `on` for such an instrument, in order of their opening; () when it does not trade.

        Auctions and closing windows belong to days with their usual hours: of others only the sittings are
        known. A halt that ends the day takes what would have come after it, the closing auction too
        (SEBI HO/47/11/11(3)2025-MRD-POD2/I/2765/2026 of 16-Jan-2026).
        """
        planned = self.planned(on, expiring=expiring, group=group)
        if planned is None:
            return ()
        parts = [Phase(NORMAL, *sitting) for sitting in planned.sittings]
        if self._has_usual_hours(on):
            parts += self._other_phases(on, expiring=expiring, group=group)
        halts = self._halts_on(on)
        cut = [
            Phase(part.name, start, end)
            for part in parts
            for start, end in without_halts(((part.open, part.close),), halts)
        ]
        cut += [
            Phase(REOPENING, halt.pre_open_at.astimezone(IST), halt.resumes_at.astimezone(IST))
            for halt in halts
            if halt.pre_open_at and halt.resumes_at
        ]
        return tuple(sorted(cut, key=lambda part: (part.open, part.close)))

    def _other_phases(self, on: date, *, expiring: bool, group: str) -> Iterator[Phase]:
        names = {row.phase for row in (*self._sessions, *self._others)} - {NORMAL, EXPIRING}
        for name in sorted(names):
            row = self._phase(name, on)
            of_group = group in ONLY_FOR.get(name, {group}) and (expiring or not name.endswith("_expiring"))
            if row is not None and of_group:
                yield Phase(name, _at(on, row.open), _at(on, row.close))

    def _has_usual_hours(self, on: date) -> bool:
        row, usual = self._days.get(on), self._phase(NORMAL, on)
        return row is None or (usual is not None and row.sittings == ((usual.open, usual.close),))

    def _phase(self, phase: str, on: date) -> SessionRow | None:
        for rows in (self._sessions, self._others):
            if (row := newest((row for row in rows if row.phase == phase), on)) is not None:
                return row
        return None

    def _halts_on(self, on: date) -> list[HaltRow]:
        return [halt for halt in self._halts if halt.starts_at.astimezone(IST).date() == on]

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
                "planned. Add its holidays in the admin, then the market rule “holiday_list” for the year.",
                code="calendar_unknown",
                year=year,
            )

    def describe(self, now: datetime) -> MarketState:
        """What the market clock says at `now` (aware), e.g. "Open, closes in 1h 47m"."""
        local = now.astimezone(IST)
        session, planned = self.session(local.date()), self.planned(local.date())
        if planned is not None and planned.contains(local):
            halted = halt_state(self._halts_on(local.date()), local)
            if halted is not None:
                return MarketState(halted.code, f"{halted.text}{self._opens_text(local)}")
        if session is not None and session.contains(local):
            end = next(end for start, end in session.sittings if start <= local < end)
            return MarketState("open", f"Open, closes in {_span(end - local)}")
        if self._in_pre_open(local):
            return MarketState("pre_open", f"Pre-open of futures{self._opens_text(local)}")
        return self._closed(local)

    def _in_pre_open(self, local: datetime) -> bool:
        parts = self.phases(local.date(), group="INDEX_FUT")
        return any(part.name == PRE_OPEN and part.open <= local < part.close for part in parts)

    def _closed(self, local: datetime) -> MarketState:
        opens = self._opens_text(local)
        row = self._days.get(local.date())
        if row is not None and row.kind == HOLIDAY:
            return MarketState("holiday", f"Holiday: {row.name}{opens}")
        if row is not None and not row.sittings:
            return MarketState("closed", f"Closed: the hours of “{row.name}” are not known{opens}")
        if not self.confirmed_year(local.year):
            return MarketState("closed", f"Closed: the holiday list of {local.year} is not confirmed")
        return MarketState("closed", f"Closed{opens}")

    def untimed_sessions(self, start: date, end: date) -> tuple[HolidayRow, ...]:
        """Muhurat and special sessions from `start` to `end` (both included) whose hours are not known: they
        cannot be traded.
        """
        rows = (row for on, row in sorted(self._days.items()) if start <= on <= end)
        return tuple(row for row in rows if row.kind != HOLIDAY and not row.sittings)

    def day_row(self, on: date) -> HolidayRow | None:
        """What makes `on` no ordinary weekday, if anything does."""
        return self._days.get(on)

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
    return DaySession(tuple((_at(on, start), _at(on, end)) for start, end in sittings))


def _at(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, tzinfo=IST)


def _when(start: datetime, days_ahead: int) -> str:
    if days_ahead == 0:
        return f"{start:%H:%M}"
    return f"{start:%a %H:%M}" if days_ahead < 7 else f"{start:%a %d %b %H:%M}"


def _span(left: timedelta) -> str:
    """Hours and minutes, rounded up so that it never says 0m while open."""
    minutes = -(-int(left.total_seconds()) // 60)
    return f"{minutes // 60}h {minutes % 60:02d}m" if minutes >= 60 else f"{max(minutes, 1)}m"

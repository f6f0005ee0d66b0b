"""Contract facts by date: lot size, freeze quantity, tick, exchange and expiries of an underlying.

The lot belongs to the contract (its expiry), the freeze quantity to the trade date; several lots live side by
side during a changeover, and far contracts are re-dated when an exchange moves its expiry day. So what was
listed on a trade date can be asked for, too. A broker's instrument master wins where there is one; these
facts serve replays and cross-checks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from markets.domain.calendar import TradingCalendar
from markets.domain.dated import fact_missing, in_force, newest
from markets.domain.expiries import (
    LAST,
    Expiry,
    last_weekday,
    months_between,
    roll_back,
    roll_back_expected,
    same_week,
    weekdays_between,
)
from qlplatform.core.money import to_paise

WEEKLY, MONTHLY, ALL, FUTURES, NEAR, LONG_DATED = "weekly", "monthly", "all", "futures", "near", "long-dated"
BY_EXPIRY, BY_TRADE_DATE = "expiry", "trade"
LONG_DATED_MONTHS = frozenset({3, 6, 9, 12})
ROLL_ROOM = timedelta(days=14)  # farther than any run of holidays moves an expiry
MONTH_ROOM = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One dated fact of an underlying. `date_basis` tells which date the range speaks of: `expiry`, `trade`
    or `trade_eod`.
    """

    underlying: str
    exchange: str
    field: str
    value: str
    scope: str
    date_basis: str
    effective_from: date
    effective_to: date | None = None
    confirmed: bool = True


class ContractFacts:
    """Look-ups raise UserError `fact_missing`, naming underlying, field and date: nothing is guessed."""

    def __init__(self, rows: Iterable[ContractRow], calendar: TradingCalendar) -> None:
        self._rows: dict[tuple[str, str], list[ContractRow]] = defaultdict(list)
        self._exchange: dict[str, str] = {}
        for row in rows:
            self._rows[row.underlying, row.field].append(row)
            self._exchange[row.underlying] = row.exchange
        self._calendar = calendar

    def underlyings(self) -> tuple[str, ...]:
        """Every underlying something is known of."""
        return tuple(sorted(self._exchange))

    def exchange(self, underlying: str) -> str:
        """Where its contracts trade: NSE, BSE. An unknown underlying counts as NSE's."""
        return self._exchange.get(underlying, "NSE")

    def lot_size(self, underlying: str, expiry: date, on: date | None = None) -> int:
        """Units in a lot of the contract expiring on `expiry`; with `on`, as it was listed on that trade
        date, before later circulars changed the lots of far contracts.
        """
        final = self._final_expiry(underlying, expiry, on) if on else expiry
        scope = MONTHLY if self.is_monthly(underlying, final) else WEEKLY
        lot = int(self._fact(underlying, "lot_size", final, scope, basis=BY_EXPIRY).value)
        long_dated = scope == MONTHLY and final.month in LONG_DATED_MONTHS
        return self._lot_before(underlying, final, lot, on) if on and long_dated else lot

    def _lot_before(self, underlying: str, expiry: date, lot: int, on: date) -> int:
        """The lot of a far contract on `on`: switches at the end of that day or later are taken back."""
        rows = self._rows[underlying, "lot_size_longdated_switch"]
        for row in sorted(rows, key=lambda row: row.effective_from, reverse=True):
            before, after = (int(part) for part in row.value.split("->"))
            if on <= row.effective_from < expiry and lot == after:
                lot = before
        return lot

    def freeze_row(self, underlying: str, on: date, *, future: bool = False) -> ContractRow | None:
        """The row that tells the freeze quantity of a trade date; None when there is none."""
        return self._find(underlying, "freeze_qty", on, FUTURES if future else ALL)

    def freeze_qty(self, underlying: str, on: date, *, future: bool = False) -> int:
        """The largest quantity (units) of one order on trade date `on`; the exchange refuses more."""
        row = self.freeze_row(underlying, on, future=future) or fact_missing(underlying, "freeze_qty", on)
        return int(row.value)

    def tick_paise(self, underlying: str, on: date | None = None, *, future: bool = False) -> int:
        """The price step in paise, on trade date `on` or as it is now known; futures may have a wider one."""
        newest_day = max(
            (row.effective_from for row in self._rows[underlying, "tick_size"]), default=date.min
        )
        return to_paise(
            self._fact(underlying, "tick_size", on or newest_day, FUTURES if future else ALL).value
        )

    def strike_step_paise(self, underlying: str, on: date, *, long_dated: bool = False) -> int:
        """The distance of strikes near the money in paise, of far contracts when `long_dated`."""
        scope = LONG_DATED if long_dated else NEAR
        return to_paise(self._fact(underlying, "strike_interval", on, scope).value)

    def listed_count(self, underlying: str, series: str, on: date) -> int:
        """How many contracts of a series (weekly, serial, quarterly, half-yearly) are listed on trade date
        `on`; 0 where no fact tells of any.
        """
        row = self._find(underlying, "listed_count", on, series)
        return int(row.value) if row else 0

    def option_style(self, underlying: str, on: date) -> str:
        """How its options are exercised and settled."""
        return self._fact(underlying, "option_style", on).value

    def is_monthly(self, underlying: str, expiry: date, on: date | None = None) -> bool:
        """Whether `expiry` is the monthly contract: the one of the week of the month's last expiry weekday.

        The week of a monthly expiry never has a weekly one of its own. With `on`, as listed on that day.
        """
        return self._nominal_of(underlying, expiry, on) is not None

    def _nominal_of(self, underlying: str, expiry: date, on: date | None) -> date | None:
        """Where the weekday rule puts the monthly contract that expires on `expiry`; None for a weekly."""
        for nominal in self._monthly_nominals(underlying, expiry, expiry, on):
            if same_week(nominal, expiry) or self._moved(underlying, nominal, on) == expiry:
                return nominal
        return None

    def _final_expiry(self, underlying: str, expiry: date, on: date) -> date:
        """The day a contract listed on `on` with `expiry` will expire in the end."""
        listed = self._nominal_of(underlying, expiry, on)
        if listed is None:
            return expiry
        first = listed.replace(day=1)
        finals = self._monthly_nominals(underlying, first, first + MONTH_ROOM)
        return next((self._moved(underlying, day) for day in finals if day.month == listed.month), expiry)

    def expiries(
        self, underlying: str, start: date, end: date, *, listed_on: date | None = None
    ) -> tuple[Expiry, ...]:
        """Weekly and monthly expiries from `start` to `end` (both included), ascending.

        Raises UserError `calendar_unknown` where the holiday list is missing. With `listed_on`: as the
        exchange listed them on that trade date, by the weekday rules of then; far years go by the holidays
        known so far.
        """
        nominals = dict.fromkeys(self._weekly_nominals(underlying, start, end + ROLL_ROOM, listed_on), False)
        nominals |= dict.fromkeys(self._monthly_nominals(underlying, start, end + ROLL_ROOM, listed_on), True)
        found = []
        for nominal, monthly in sorted(nominals.items()):
            if listed_on is not None:
                found.append(Expiry(self._moved(underlying, nominal, listed_on), nominal, monthly))
            elif nominal <= end or self._calendar.confirmed_year(nominal.year):
                # others lie beyond what was asked for, and cannot roll back into a year that is over
                found.append(Expiry(roll_back(nominal, self._calendar), nominal, monthly))
        return tuple(expiry for expiry in found if start <= expiry.on <= end)

    def weekly_expiries(self, underlying: str, start: date, end: date) -> tuple[date, ...]:
        """The days a weekly series expires: each week's own expiry, or the monthly one in its week; () if it
        has no weeklies.
        """
        if not self._rows[underlying, "expiry_weekday"] or not list(
            self._rules(underlying, WEEKLY, start, end)
        ):
            return ()
        return tuple(expiry.on for expiry in self.expiries(underlying, start, end))

    def _moved(self, underlying: str, nominal: date, on: date | None = None) -> date:
        """Where holidays move an expiry, as far as they are known: a rule's dates speak of the day itself. On
        trade date `on` the exchange may not have moved it yet.
        """
        rows = self._rows[underlying, "listed_expiry"]
        if on and any(row.value == nominal.isoformat() and in_force(row, on) for row in rows):
            return nominal
        return roll_back_expected(nominal, self._calendar)

    def _weekly_nominals(
        self, underlying: str, start: date, end: date, on: date | None = None
    ) -> Iterator[date]:
        monthly = {
            day.isocalendar()[:2]
            for day in self._monthly_nominals(underlying, start - ROLL_ROOM, end + ROLL_ROOM, on)
        }
        for rule in self._rules(underlying, WEEKLY, start, end, on):
            for day in weekdays_between(start, end, rule.value):
                if in_force(rule, self._moved(underlying, day)) and day.isocalendar()[:2] not in monthly:
                    yield day

    def _monthly_nominals(
        self, underlying: str, start: date, end: date, on: date | None = None
    ) -> Iterator[date]:
        for rule in self._rules(underlying, MONTHLY, start, end, on):
            for year, month in months_between(start, end):
                nominal = last_weekday(year, month, rule.value.removeprefix(LAST))
                if in_force(rule, self._moved(underlying, nominal)):
                    yield nominal

    def _rules(
        self, underlying: str, scope: str, start: date, end: date, on: date | None = None
    ) -> Iterator[ContractRow]:
        """The weekday rules of expiries from `start` to `end`. The one by which contracts were listed on
        trade date `on`, where it is known apart, holds for all of them.
        """
        rows = [row for row in self._rows[underlying, "expiry_weekday"] if row.scope == scope]
        if on and (listed := newest((row for row in rows if row.date_basis == BY_TRADE_DATE), on)):
            yield replace(listed, effective_from=date.min, effective_to=None)
            return
        for row in rows:
            over = row.effective_to is not None and row.effective_to < start - ROLL_ROOM
            if row.date_basis == BY_EXPIRY and not over and row.effective_from <= end + ROLL_ROOM:
                yield row

    def _fact(self, underlying: str, field: str, on: date, scope: str = ALL, basis: str = "") -> ContractRow:
        return self._find(underlying, field, on, scope, basis) or fact_missing(underlying, field, on)

    def _find(
        self, underlying: str, field: str, on: date, scope: str = ALL, basis: str = ""
    ) -> ContractRow | None:
        """The row in force of the scope, else of all scopes."""
        for wanted in dict.fromkeys((scope, ALL)):
            rows = (
                row
                for row in self._rows[underlying, field]
                if row.scope == wanted and basis in ("", row.date_basis)
            )
            if (found := newest(rows, on)) is not None:
                return found
        return None

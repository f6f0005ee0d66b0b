"""Contract facts by date: lot size, freeze quantity, tick, exchange and expiries of an underlying.

The lot belongs to the contract (its expiry), the freeze quantity to the trade date; several lots live side by
side during a changeover. A broker's instrument master wins where there is one; these facts serve replays and
cross-checks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from markets.domain.calendar import TradingCalendar
from markets.domain.dated import fact_missing, in_force, newest
from markets.domain.expiries import (
    LAST,
    Expiry,
    last_weekday,
    months_between,
    roll_back,
    same_week,
    weekdays_between,
)
from qlplatform.core.money import to_paise

WEEKLY, MONTHLY, ALL = "weekly", "monthly", "all"
BY_EXPIRY = "expiry"
ROLL_ROOM = timedelta(days=14)  # farther than any run of holidays moves an expiry


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One dated fact of an underlying. `date_basis` tells which date the range speaks of: `expiry` or
    `trade`.
    """

    underlying: str
    exchange: str
    field: str
    value: str
    scope: str
    date_basis: str
    effective_from: date
    effective_to: date | None = None


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

    def lot_size(self, underlying: str, expiry: date) -> int:
        """Units in a lot of the contract expiring on `expiry`."""
        scope = MONTHLY if self.is_monthly(underlying, expiry) else WEEKLY
        return int(self._fact(underlying, "lot_size", expiry, scope, basis=BY_EXPIRY).value)

    def freeze_qty(self, underlying: str, on: date) -> int:
        """The largest quantity (units) of one order on trade date `on`; the exchange refuses more."""
        return int(self._fact(underlying, "freeze_qty", on).value)

    def tick_paise(self, underlying: str, on: date | None = None) -> int:
        """The price step in paise, on trade date `on` or as it is now known."""
        newest_day = max(
            (row.effective_from for row in self._rows[underlying, "tick_size"]), default=date.min
        )
        return to_paise(self._fact(underlying, "tick_size", on or newest_day).value)

    def is_monthly(self, underlying: str, expiry: date) -> bool:
        """Whether `expiry` is the monthly contract: the one of the week of the month's last expiry weekday.

        The week of a monthly expiry never has a weekly one of its own.
        """
        for nominal in self._monthly_nominals(underlying, expiry, expiry):
            if same_week(nominal, expiry) or self._moved(nominal) == expiry:
                return True
        return False

    def expiries(self, underlying: str, start: date, end: date) -> tuple[Expiry, ...]:
        """Weekly and monthly expiries from `start` to `end` (both included), ascending.

        Raises UserError `calendar_unknown` where the holiday list is missing.
        """
        nominals = dict.fromkeys(self._weekly_nominals(underlying, start, end + ROLL_ROOM), False)
        nominals |= dict.fromkeys(self._monthly_nominals(underlying, start, end + ROLL_ROOM), True)
        found = (self._expiry(nominal, monthly, end) for nominal, monthly in sorted(nominals.items()))
        return tuple(expiry for expiry in found if expiry is not None and start <= expiry.on <= end)

    def weekly_expiries(self, underlying: str, start: date, end: date) -> tuple[date, ...]:
        """The days a weekly series expires: each week's own expiry, or the monthly one in its week; () if it
        has no weeklies.
        """
        if not self._rows[underlying, "expiry_weekday"] or not list(
            self._rules(underlying, WEEKLY, start, end)
        ):
            return ()
        return tuple(expiry.on for expiry in self.expiries(underlying, start, end))

    def _expiry(self, nominal: date, monthly: bool, end: date) -> Expiry | None:
        if nominal > end and not self._calendar.confirmed_year(nominal.year):
            return None  # beyond what was asked for, and it cannot roll back into a year that is over
        return Expiry(roll_back(nominal, self._calendar), nominal, monthly)

    def _moved(self, nominal: date) -> date:
        """Where holidays move an expiry, as far as they are known: a rule's dates speak of the day itself."""
        return roll_back(nominal, self._calendar) if self._calendar.confirmed_year(nominal.year) else nominal

    def _weekly_nominals(self, underlying: str, start: date, end: date) -> Iterator[date]:
        monthly = {
            day.isocalendar()[:2]
            for day in self._monthly_nominals(underlying, start - ROLL_ROOM, end + ROLL_ROOM)
        }
        for rule in self._rules(underlying, WEEKLY, start, end):
            for day in weekdays_between(start, end, rule.value):
                if in_force(rule, self._moved(day)) and day.isocalendar()[:2] not in monthly:
                    yield day

    def _monthly_nominals(self, underlying: str, start: date, end: date) -> Iterator[date]:
        for rule in self._rules(underlying, MONTHLY, start, end):
            for year, month in months_between(start, end):
                nominal = last_weekday(year, month, rule.value.removeprefix(LAST))
                if in_force(rule, self._moved(nominal)):
                    yield nominal

    def _rules(self, underlying: str, scope: str, start: date, end: date) -> Iterator[ContractRow]:
        for row in self._rows[underlying, "expiry_weekday"]:
            over = row.effective_to is not None and row.effective_to < start - ROLL_ROOM
            if row.scope == scope and not over and row.effective_from <= end + ROLL_ROOM:
                yield row

    def _fact(self, underlying: str, field: str, on: date, scope: str = ALL, basis: str = "") -> ContractRow:
        rows = (
            row
            for row in self._rows[underlying, field]
            if row.scope in (scope, ALL) and (not basis or row.date_basis == basis)
        )
        return newest(rows, on) or fact_missing(underlying, field, on)

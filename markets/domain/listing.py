"""Which expiries of an underlying an exchange lists on a day, whether or not anybody has prices of them.

NSE and BSE keep a number of weekly contracts beside the monthly ones, the next months one after another
(serial), then quarterly and half-yearly ones. How many of each is a dated fact (`listed_count`), found by
comparing masters and bhavcopies from 2020 to 2026.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from markets.domain.contracts import WEEKLY, ContractFacts

SERIAL, QUARTERLY, HALF_YEARLY = "serial", "quarterly", "half-yearly"
SERIES = {
    SERIAL: frozenset(range(1, 13)),
    QUARTERLY: frozenset({3, 6, 9, 12}),
    HALF_YEARLY: frozenset({6, 12}),
}
"""The months of each series; a series begins where the one before it ends."""
MONTHS_APART = {SERIAL: 1, QUARTERLY: 3, HALF_YEARLY: 6}
MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Listing:
    """The option expiries listed on a trading day, ascending; `monthlies` are those of the monthly series
    among them, `futures` the expiries of futures. `weekly`: there is a weekly series.
    """

    expiries: tuple[date, ...] = ()
    monthlies: tuple[date, ...] = ()
    futures: tuple[date, ...] = ()
    weekly: bool = False


def listing(facts: ContractFacts, underlying: str, on: date, *, quoted: Iterable[date] = ()) -> Listing:
    """What the exchange listed of `underlying` on `on`, by the weekday rules of that day, with the option
    expiries `quoted` on it: what has a price was listed. Futures are listed for the serial months.
    """
    weekly, series = _weeklies(facts, underlying, on), _series(facts, underlying, on)
    listed = {*weekly, *(each for found in series.values() for each in found)}
    others = {expiry for expiry in quoted if expiry >= on} - listed
    monthly = listed - weekly | {expiry for expiry in others if facts.is_monthly(underlying, expiry, on)}
    return Listing(
        expiries=tuple(sorted(listed | others)),
        monthlies=tuple(sorted(monthly)),
        futures=tuple(sorted(series[SERIAL])),
        weekly=bool(weekly or others - monthly),
    )


def _weeklies(facts: ContractFacts, underlying: str, on: date) -> set[date]:
    """The next weekly expiries; the week of a monthly one has none."""
    count = facts.listed_count(underlying, WEEKLY, on)
    end = on + timedelta(weeks=count + count // 3 + 2)
    found = facts.expiries(underlying, on, end, listed_on=on) if count else ()
    return set(islice((each.on for each in found if not each.monthly), count))


def _series(facts: ContractFacts, underlying: str, on: date) -> dict[str, set[date]]:
    """The monthly expiries by series: each takes its own months from where the one before it ended."""
    counts = {name: facts.listed_count(underlying, name, on) for name in SERIES}
    months = sum(count * MONTHS_APART[name] for name, count in counts.items())
    found = facts.expiries(underlying, on, on + MONTH * (months + 2), listed_on=on) if months else ()
    left = iter([each for each in found if each.monthly])
    return {
        name: {
            each.on for each in islice((each for each in left if each.nominal.month in SERIES[name]), count)
        }
        for name, count in counts.items()
    }

"""What is to be made: which days, their hours, expiries, strikes and lots, by the facts of those dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markets.domain.calendar import TradingCalendar
from markets.domain.contracts import ContractFacts
from markets.domain.listing import Listing, listing
from qlplatform.core.errors import UserError

MINUTE = timedelta(minutes=1)
NEAREST = 2
STEPS_TO_SPOT = 520
MOST_SESSIONS, FEWEST_STRIKES, MOST_STRIKES = 60, 11, 121


@dataclass(frozen=True, slots=True)
class SyntheticPlan:
    """What to make. `sessions` trading days from `first_day` on; per expiry at least `strikes` strikes around
    each day's open. Quoted are the two nearest expiries and the next `months` monthly ones, and as many
    futures. `spot`: the index at the first open in rupees, 0 for 520 strike steps (NIFTY 26,000).

    By default six sessions over NIFTY's weekly expiry of 18 November 2025.
    """

    seed: int = 1
    underlying: str = "NIFTY"
    first_day: date = date(2025, 11, 13)
    sessions: int = 6
    strikes: int = 51
    months: int = 1
    spot: float = 0.0
    vol: float = 0.13


@dataclass(frozen=True, slots=True)
class Quoted:
    """An expiry on a day: the instant it expires, minutes it trades that day, units in a lot."""

    expiry: date
    closes: datetime
    minutes: int
    lot: int


@dataclass(frozen=True, slots=True)
class MarketDay:
    """A day to be made. `index_minutes`: how long the index is computed continuously. Ticks and the strike
    step are paise.
    """

    number: int
    on: date
    opens: datetime
    minutes: int
    index_minutes: int
    options: tuple[Quoted, ...]
    futures: tuple[Quoted, ...]
    tick_paise: int
    future_tick_paise: int
    step_paise: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The dated facts a plan is filled in with: contracts, hours of derivatives and of the shares below."""

    contracts: ContractFacts
    derivatives: TradingCalendar
    shares: TradingCalendar


def market_days(plan: SyntheticPlan, facts: Facts) -> tuple[MarketDay, ...]:
    """The days of a plan. UserError `bad_plan` for figures out of range, `unknown_underlying`,
    `nothing_listed`, `calendar_unknown` and `fact_missing` where the facts do not reach.
    """
    _check(plan, facts)
    days = _ordinary_days(plan.first_day, facts.derivatives)
    return tuple(_day(plan, facts, number, next(days)) for number in range(plan.sessions))


def _check(plan: SyntheticPlan, facts: Facts) -> None:
    if plan.underlying not in facts.contracts.underlyings():
        raise UserError(f"No contract facts of {plan.underlying} are known.", code="unknown_underlying")
    ranges = (
        ("seed", plan.seed, 0, 2**32 - 1),
        ("sessions", plan.sessions, 1, MOST_SESSIONS),
        ("strikes", plan.strikes, FEWEST_STRIKES, MOST_STRIKES),
        ("months", plan.months, 0, 3),
        ("spot", plan.spot, 0, 1_000_000),
        ("vol", plan.vol, 0.03, 1.5),
    )
    for name, value, low, high in ranges:
        if not low <= value <= high:
            raise UserError(f"{name} has to be from {low} to {high}; it is {value}.", code="bad_plan")


def _ordinary_days(first: date, days: TradingCalendar) -> Iterator[date]:
    """Trading days with their usual hours: no muhurat, no special sessions."""
    on = first
    while True:
        days.require_year(on.year)
        if days.is_ordinary_day(on):
            yield on
        on += timedelta(days=1)


def _day(plan: SyntheticPlan, facts: Facts, number: int, on: date) -> MarketDay:
    hours, index = facts.derivatives.planned(on), facts.shares.planned(on)
    if hours is None:
        raise UserError(f"The trading hours of {on:%d %b %Y} are not known.", code="calendar_unknown")
    listed = listing(facts.contracts, plan.underlying, on)
    if not listed.expiries:
        raise UserError(f"{plan.underlying} had no contracts on {on:%d %b %Y}.", code="nothing_listed")
    months = listed.monthlies[: plan.months]
    return MarketDay(
        number=number,
        on=on,
        opens=hours.open,
        minutes=(hours.close - hours.open) // MINUTE,
        index_minutes=((index or hours).close - hours.open) // MINUTE,
        options=_quoted(plan, facts, on, {*listed.expiries[:NEAREST], *months}),
        futures=_quoted(plan, facts, on, set(_futures(listed, plan))),
        tick_paise=facts.contracts.tick_paise(plan.underlying, on),
        future_tick_paise=facts.contracts.tick_paise(plan.underlying, on, future=True),
        step_paise=facts.contracts.strike_step_paise(plan.underlying, on),
    )


def _futures(listed: Listing, plan: SyntheticPlan) -> tuple[date, ...]:
    """Always the nearest; a future is rolled into the next."""
    return listed.futures[: max(plan.months, 1) + 1]


def _quoted(plan: SyntheticPlan, facts: Facts, on: date, expiries: set[date]) -> tuple[Quoted, ...]:
    return tuple(_one(plan, facts, on, expiry) for expiry in sorted(expiries))


def _one(plan: SyntheticPlan, facts: Facts, on: date, expiry: date) -> Quoted:
    today = facts.derivatives.planned(on, expiring=expiry == on)
    if today is None:
        raise UserError(f"The trading hours of {on:%d %b %Y} are not known.", code="calendar_unknown")
    last = facts.derivatives.planned(expiry, expiring=True)
    closes = last.close if last else datetime.combine(expiry, today.close.timetz())  # of a year to come
    lot = facts.contracts.lot_size(plan.underlying, expiry, on)
    return Quoted(expiry, closes, (today.close - today.open) // MINUTE, lot)


def first_spot(plan: SyntheticPlan, day: MarketDay) -> float:
    """The index at the first open, in rupees."""
    return plan.spot or STEPS_TO_SPOT * day.step_paise / 100

"""Plans filled in with the facts of the project's files."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from markets.synthetic import SyntheticPlan
from markets.synthetic.contracts import Contracts, Strikes, day_contracts
from markets.synthetic.path import DayPath, walk
from markets.synthetic.plan import Facts, MarketDay, market_days
from tests.unit.markets.facts import calendar, contracts


def facts(exchange: str = "NSE") -> Facts:
    return Facts(contracts(), calendar(exchange), calendar(exchange, "CM_FO_UNDERLYING"))


def days_of(exchange: str = "NSE", **plan: Any) -> tuple[MarketDay, ...]:
    return market_days(replace(SyntheticPlan(), **plan), facts(exchange))


@cache
def world(seed: int = 1) -> tuple[tuple[MarketDay, ...], list[DayPath]]:
    """The default plan's days and paths."""
    plan = SyntheticPlan(seed)
    days = market_days(plan, facts())
    return days, walk(plan, days)


@cache
def traded(day: int = 0, seed: int = 1) -> tuple[Contracts, ...]:
    """Everything traded on one of its days, a few strikes only."""
    (days, paths), plan = world(seed), SyntheticPlan(seed)
    strikes = Strikes.around(float(paths[day].spot[0, 0]), days[day].step_paise / 100, 11)
    return tuple(day_contracts(plan, days[day], paths[day], strikes))

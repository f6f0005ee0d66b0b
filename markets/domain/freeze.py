"""The largest quantity of one order: the exchange's own figure, or what its table by index level gives.

NSE sets the figure of an index each month from the index's close before (circular of 2021-07-30;
NSE/FAOP/67775 of 2025-04-30, chapter 1.8). The table checks the figures we hold; alone it is only believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markets.domain.contracts import ContractFacts
from markets.domain.dated import fact_missing
from markets.domain.rules import Rule, RuleBook

STEP = "freeze_step"
UP_TO = "level <= "
FACT, TABLE = "fact", "step_table"


@dataclass(frozen=True, slots=True)
class Freeze:
    """The largest quantity of one order in units. `origin`: `fact`, or `step_table` when no figure of the
    exchange is known; the table's answer is never `confirmed`.
    """

    qty: int
    origin: str
    confirmed: bool


def freeze_by_level(rules: RuleBook, level: Decimal, on: date, *, exchange: str = "NSE") -> int:
    """What the exchange's table gives for an index at `level`. Raises UserError `fact_missing` for dates
    without a table.
    """
    steps = sorted(rules.rows(STEP, on, exchange=exchange), key=_limit)
    step = next((step for step in steps if level <= _limit(step)), None)
    return int((step or fact_missing(exchange, STEP, on)).value)


def freeze_of(
    facts: ContractFacts,
    rules: RuleBook,
    *,
    underlying: str,
    on: date,
    level: Decimal | None = None,
    future: bool = False,
) -> Freeze:
    """The freeze quantity of trade date `on`: the exchange's figure, else the table's for `level`, the
    index's close at the end of the month before. Raises UserError `fact_missing` when neither is known.
    """
    row = facts.freeze_row(underlying, on, future=future)
    if row is not None:
        return Freeze(int(row.value), FACT, row.confirmed)
    if level is None:
        fact_missing(underlying, "freeze_qty", on)
    qty = freeze_by_level(rules, level, on, exchange=facts.exchange(underlying))
    return Freeze(qty, TABLE, confirmed=False)


def _limit(step: Rule) -> Decimal:
    """The highest level a step is for; the last one has none."""
    if step.subject.startswith(UP_TO):
        return Decimal(step.subject.removeprefix(UP_TO))
    return Decimal("Infinity")

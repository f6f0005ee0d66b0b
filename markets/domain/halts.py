"""Trading stopped for everybody: what a halt does to a day, and what a fall of the index will do.

The rules of the market-wide circuit breaker are dated rules (`circuit_breaker_10`, `_15`, `_20`); a halt that
happened is a row somebody entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from markets.domain.dated import fact_missing
from markets.domain.rules import Rule, RuleBook
from qlplatform.core.clock import IST

Sittings = tuple[tuple[datetime, datetime], ...]
LEVELS = (20, 15, 10)  # percent of the previous close, the strongest first
REST_OF_DAY = "day"
WINDOW = "from "
HALTED, REOPENING = "halted", "pre_open_reopen"


@dataclass(frozen=True, slots=True)
class HaltRow:
    """Nothing trades from `starts_at` on; from `pre_open_at` orders are collected, at `resumes_at` trading
    goes on. Without `resumes_at` the day is over.
    """

    exchange: str
    segment: str
    starts_at: datetime
    pre_open_at: datetime | None = None
    resumes_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HaltState:
    """The state of a halted market: `halted` or `pre_open_reopen`, and the beginning of a sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class HaltPlan:
    """What a fall of the index means: the level it triggers, and when orders and trades come back.

    `level` 0: below every level, or the rule has no halt at this time of day. A halt without `resumes_at`
    lasts for the rest of the day.
    """

    level: int
    pre_open_at: datetime | None
    resumes_at: datetime | None
    text: str


def ends_day(halt: HaltRow) -> bool:
    """Whether nothing trades any more that day."""
    return halt.resumes_at is None


def without_halts(sittings: Sequence[tuple[datetime, datetime]], halts: Iterable[HaltRow]) -> Sittings:
    """The sittings less the halted times; a halt that ends the day takes all that comes after it."""
    left = list(sittings)
    for halt in halts:
        left = [piece for sitting in left for piece in _cut(sitting, halt)]
    return tuple(left)


def _cut(sitting: tuple[datetime, datetime], halt: HaltRow) -> list[tuple[datetime, datetime]]:
    start, end = sitting
    before = (start, min(end, halt.starts_at.astimezone(IST)))
    pieces = [before]
    if halt.resumes_at is not None:
        pieces.append((max(start, halt.resumes_at.astimezone(IST)), end))
    return [(begin, stop) for begin, stop in pieces if begin < stop]


def halt_state(halts: Iterable[HaltRow], at: datetime) -> HaltState | None:
    """How a halt in force at `at` shows, None when there is none."""
    for halt in halts:
        if halt.starts_at <= at and (halt.resumes_at is None or at < halt.resumes_at):
            if halt.pre_open_at is not None and at >= halt.pre_open_at:
                return HaltState(REOPENING, "Pre-open after a halt")
            whole = " for the day" if ends_day(halt) else ""
            return HaltState(HALTED, f"Halted{whole}: {halt.reason}" if halt.reason else f"Halted{whole}")
    return None


def halt_for_fall(percent: Decimal | int, at: datetime, rules: RuleBook, *, exchange: str = "") -> HaltPlan:
    """What a move of the index by `percent` of its previous close (either way, either index) at `at` means.

    SEBI's table: 10 % and 15 % halt for a time that depends on the hour and are followed by a pre-open
    session, 20 % ends the day. Raises UserError `fact_missing` when the table of that day is not known.
    """
    level = next((step for step in LEVELS if abs(Decimal(percent)) >= step), 0)
    if not level:
        return HaltPlan(0, None, None, f"No halt below {min(LEVELS)} %")
    local = at.astimezone(IST)
    rule = _window(rules, level, local, exchange)
    if rule.unit == REST_OF_DAY:
        return HaltPlan(level, None, None, f"{level} %: trading stops for the day")
    if rule.value == 0:
        return HaltPlan(0, None, None, f"{level} %: no halt this late in the day")
    pre_open_at = local + timedelta(minutes=int(rule.value))
    wait = rules.number("circuit_breaker_pre_open", local.date(), exchange=exchange)
    resumes_at = pre_open_at + timedelta(minutes=int(wait))
    text = f"{level} %: orders from {pre_open_at:%H:%M}, trading resumes {resumes_at:%H:%M}"
    return HaltPlan(level, pre_open_at, resumes_at, text)


def _window(rules: RuleBook, level: int, local: datetime, exchange: str) -> Rule:
    """The row of the window that `local` lies in: the latest of those that began."""
    name = f"circuit_breaker_{level}"
    rows = [(_begins(row), row) for row in rules.rows(name, local.date(), exchange=exchange)]
    begun = [(begins, row) for begins, row in rows if begins <= local.time()]
    if not begun:
        fact_missing(f"{local:%H:%M}", name, local.date())
    return max(begun, key=lambda pair: pair[0])[1]


def _begins(rule: Rule) -> time:
    return time.fromisoformat(rule.subject.removeprefix(WINDOW))

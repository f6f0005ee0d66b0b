"""Numbers of exchanges and regulators by date: price protection, position limits, halts, margins, rates.

A rule may speak of everything, of one exchange, of one subject (an underlying, or a group such as INDEX_OPT),
or of both; the most specific one in force counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from markets.domain.dated import fact_missing, in_force, newest

LIST = "holiday_list"  # one row for each year whose holiday list the exchange has published
CLOCK = "HHMM"


@dataclass(frozen=True, slots=True)
class Rule:
    """A number while it holds. `exchange` and `subject` are "" when it is for all of them."""

    name: str
    exchange: str
    subject: str
    value: Decimal
    unit: str
    effective_from: date
    effective_to: date | None = None
    confirmed: bool = True

    @property
    def clock(self) -> time:
        """The value of unit HHMM as a time of day (IST): 1525 -> 15:25. Raises ValueError for others."""
        if self.unit != CLOCK:
            raise ValueError(f"{self.name} is in {self.unit}, not a time of day.")
        hours, minutes = divmod(int(self.value), 100)
        return time(hours, minutes)


class RuleBook:
    """Look-ups raise UserError `fact_missing`, naming rule, subject and date: nothing is guessed."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            self._rules[rule.name].append(rule)

    def number(
        self, name: str, on: date, *, exchange: str = "", subject: str | tuple[str, ...] = ""
    ) -> Decimal:
        """The value of the most specific rule in force on `on`, in the rule's own unit. Several subjects are
        tried in order (an underlying, then its group), then the rule for all.
        """
        return self.rule(name, on, exchange=exchange, subject=subject).value

    def rule(self, name: str, on: date, *, exchange: str = "", subject: str | tuple[str, ...] = "") -> Rule:
        """As `number`, with unit, dates and whether it is confirmed."""
        found = self.find(name, on, exchange=exchange, subject=subject)
        if found is None:
            named = subject if isinstance(subject, str) else " or ".join(subject)
            fact_missing(named or exchange or "the market", name, on)
        return found

    def find(
        self, name: str, on: date, *, exchange: str = "", subject: str | tuple[str, ...] = ""
    ) -> Rule | None:
        """As `rule`, None when there is none."""
        subjects = (subject,) if isinstance(subject, str) else subject
        for wanted in dict.fromkeys((*subjects, "")):
            for place in dict.fromkeys((exchange, "")):
                rows = (r for r in self._rules[name] if (r.subject, r.exchange) == (wanted, place))
                if (row := newest(rows, on)) is not None:
                    return row
        return None

    def rows(self, name: str, on: date, *, exchange: str = "") -> tuple[Rule, ...]:
        """Every rule of that name in force on `on`, of the exchange or of all: tables such as the freeze
        steps, one row for each subject.
        """
        held = (r for r in self._rules[name] if r.exchange in (exchange, "") and in_force(r, on))
        return tuple(held)

    def listed_years(self, exchange: str) -> frozenset[int]:
        """Years (the values) whose holiday list the exchange has published and somebody confirmed."""
        rows = self._rules[LIST]
        return frozenset(int(r.value) for r in rows if r.exchange == exchange and r.confirmed)

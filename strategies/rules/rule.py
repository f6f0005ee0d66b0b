"""A rule, compiled once and then asked again and again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from strategies.rules import words
from strategies.rules.bars import RuleHistory, Verdict
from strategies.rules.canonical import write
from strategies.rules.catalog import FUTURE, SPOT, SYNTHETIC, Type
from strategies.rules.checker import check
from strategies.rules.errors import refuse
from strategies.rules.live import LiveRule
from strategies.rules.parser import parse
from strategies.rules.program import Program, warmup
from strategies.rules.whole import Verdicts

UNDERLYINGS: Final = (SPOT, FUTURE, SYNTHETIC)


@dataclass(frozen=True, slots=True)
class Rule:
    """An immutable rule; equal when it says the same about the same legs.

    `text` is its standard form, `underlying` the series meant by a bare `close`.
    """

    text: str
    type: Type
    underlying: str
    program: Program = field(repr=False)

    @property
    def instruments(self) -> frozenset[str]:
        """The series it reads: SPOT, FUTURE, SYNTHETIC, VIX, COMBINED, LEG:<id>."""
        return self.program.instruments

    @property
    def scalars(self) -> frozenset[str]:
        """The facts it reads, like `mtm`; those of a leg as `delta:<id>`."""
        return self.program.facts

    @property
    def timeframes(self) -> frozenset[int]:
        """Minutes of the candles at whose closes it is looked at; 1440 is the day."""
        return self.program.timeframes

    @property
    def warmup(self) -> dict[int, int]:
        """Closed candles by timeframe until nothing is unknown. Begin the history with a session: levels of
        the day before need a whole one.
        """
        return warmup(self.program)

    def verdicts(self, history: RuleHistory) -> Verdicts:
        """What it says minute by minute, with the numbers it saw."""
        return Verdicts(self.program, history, condition=self.type is Type.BOOL)

    def over(self, history: RuleHistory) -> NDArray[np.bool_] | NDArray[np.float64]:
        """One value per minute of the history; False or NaN where nothing closed or something is unknown."""
        return self.verdicts(history).values

    def live(self, history: RuleHistory | None = None) -> LiveRule:
        """A new evaluation minute by minute, behind the minutes of `history` if given."""
        found = LiveRule(self.program, condition=self.type is Type.BOOL)
        for bar in history.bars() if history is not None else ():
            found.feed(bar)
        return found

    def describe(self) -> str:
        """The rule as an English clause, like “the spot price is above 24000”."""
        return words.describe(self.program)

    def explain(self, verdict: Verdict) -> str:
        """Why a verdict came out as it did: the numbers that were compared."""
        return words.explain(self.program, verdict)


def compile_rule(
    text: str, *, legs: Iterable[str] = (), want: Type = Type.BOOL, underlying: str = SPOT
) -> Rule:
    """The rule a text says.

    `legs` are the ids of the legs it may name, `want` BOOL for a condition or NUM for a number, `underlying`
    (SPOT, FUTURE or SYNTHETIC) what `close` and its like mean. Raises RuleInvalid with every finding.
    """
    if underlying not in UNDERLYINGS or want not in {Type.BOOL, Type.NUM}:
        raise ValueError("A rule is a condition or a number about SPOT, FUTURE or SYNTHETIC.")
    tree = parse(text)
    try:
        program, kind = check(tree, legs=legs, underlying=underlying, want=want)
        return Rule(write(tree), kind, underlying, program)
    except RecursionError:
        raise refuse(0, len(text), "too_deep", "The rule is nested too deeply.", "Split it.") from None

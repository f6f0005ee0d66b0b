"""A rule as it runs: numbered steps, each after those it reads. No recursion, nothing computed twice.

`clock` is the set of timeframes at whose closes a value may change; constants and the time of day have none.
Every value is a 64-bit float, conditions 1 and 0; NaN is “unknown”.
"""

from __future__ import annotations

from dataclasses import dataclass

from strategies.indicators import Definition, definition
from strategies.indicators.base import Value
from strategies.rules import timeframes

Clock = frozenset[int]
TIMELESS: Clock = frozenset()


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, or with `moment` a time of day in seconds since midnight IST."""

    value: float
    moment: bool = False

    @property
    def clock(self) -> Clock:
        return TIMELESS


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Seconds since midnight IST at the close that is looked at."""

    @property
    def clock(self) -> Clock:
        return TIMELESS


@dataclass(frozen=True, slots=True)
class Price:
    """A column (open … ohlc4, volume) of an instrument's candles."""

    instrument: str
    column: str
    minutes: int

    @property
    def clock(self) -> Clock:
        return frozenset({self.minutes})


@dataclass(frozen=True, slots=True)
class Fact:
    """A number the host supplies, by its key in `Rule.scalars`."""

    key: str
    minutes: int

    @property
    def clock(self) -> Clock:
        return frozenset({self.minutes})


@dataclass(frozen=True, slots=True)
class Study:
    """An output of an indicator, over the candles of an instrument or over the values of a step `source`."""

    name: str
    params: tuple[tuple[str, Value], ...]
    output: str
    minutes: int
    instrument: str = ""
    source: int = -1

    @property
    def clock(self) -> Clock:
        return frozenset({self.minutes})

    @property
    def definition(self) -> Definition:
        return definition(self.name)


@dataclass(frozen=True, slots=True)
class Window:
    """prev, highest, lowest, rising or falling over `n` values of a step."""

    name: str
    source: int
    n: int
    minutes: int

    @property
    def clock(self) -> Clock:
        return frozenset({self.minutes})


@dataclass(frozen=True, slots=True)
class Cross:
    """`left` goes over (`sign` 1) or under (-1) `right`: true only at the close at which it happens."""

    sign: int
    left: int
    right: int
    clock: Clock


@dataclass(frozen=True, slots=True)
class Calc:
    """An operation of `operations` on the values of steps."""

    op: str
    args: tuple[int, ...]
    clock: Clock


Step = Constant | TimeOfDay | Price | Fact | Study | Window | Cross | Calc


@dataclass(frozen=True, slots=True)
class Operand:
    """Something a condition compares, by its text. `side` 0 and 1 are what the crossing `step` compared one
    candle before, left and right; -1 is the step's own value.
    """

    text: str
    step: int
    side: int = -1


@dataclass(frozen=True, slots=True)
class Program:
    """The steps; the last one is the rule. `operands` are reported with a verdict."""

    steps: tuple[Step, ...]
    operands: tuple[Operand, ...]

    @property
    def timeframes(self) -> Clock:
        """The timeframes at whose closes the rule is looked at."""
        found = TIMELESS.union(*(step.clock for step in self.steps))
        return found or frozenset({timeframes.BASE})

    @property
    def instruments(self) -> frozenset[str]:
        read = (step.instrument for step in self.steps if isinstance(step, Price | Study))
        return frozenset(name for name in read if name)

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(step.key for step in self.steps if isinstance(step, Fact))


def warmup(program: Program) -> dict[int, int]:
    """Candles by timeframe it takes until nothing is unknown any more. History should begin with a session:
    levels of the day before need the whole of it.
    """
    bars: list[dict[int, int]] = []
    for step in program.steps:
        needs: dict[int, int] = {}
        for source in _sources(step):
            _join(needs, bars[source])
        if isinstance(step, Study | Window):
            needs[step.minutes] = max(needs.get(step.minutes, 1), 1) + _more(step)
        if isinstance(step, Cross):
            needs = {minutes: needs[minutes] + 1 for minutes in step.clock}
        _join(needs, dict.fromkeys(step.clock, 1))
        bars.append(needs)
    return bars[-1]


def _join(needs: dict[int, int], more: dict[int, int]) -> None:
    for minutes, count in more.items():
        needs[minutes] = max(needs.get(minutes, 0), count)


def _sources(step: Step) -> tuple[int, ...]:
    if isinstance(step, Calc):
        return step.args
    if isinstance(step, Cross):
        return step.left, step.right
    if isinstance(step, Study | Window):
        return (step.source,) if step.source >= 0 else ()
    return ()


def _more(step: Study | Window) -> int:
    """Candles beyond the first a stateful step needs of what it reads."""
    if isinstance(step, Window):
        return step.n - 1 if step.name in {"highest", "lowest"} else step.n
    bars = step.definition.warmup(**dict(step.params)) - 1
    of_the_day_before = step.name in {"pivots", "previous_day"}
    return bars + (timeframes.per_session(step.minutes) if of_the_day_before else 0)

"""From a tree to the steps that run: every word known, every type right, every timeframe settled.

A part without a timeframe of its own takes that of the call around it; a call without one takes the one
named inside it; what is left is looked at on 1-minute candles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from strategies.indicators.base import Value
from strategies.rules import catalog
from strategies.rules.binding import Bound, bind, named_timeframe
from strategies.rules.canonical import write
from strategies.rules.catalog import OF_A_VALUE, WITHOUT_VOLUME, WORDS, Kind, Type
from strategies.rules.errors import RuleError, RuleInvalid, nearest, refuse
from strategies.rules.parser import COMPARISONS, CROSSINGS
from strategies.rules.program import (
    Calc,
    Clock,
    Constant,
    Cross,
    Fact,
    Operand,
    Price,
    Program,
    Step,
    Study,
    TimeOfDay,
    Window,
)
from strategies.rules.timeframes import BASE, NAMES
from strategies.rules.tree import Call, Number, Operation, Text, Tree

_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """What an expression turned out to be: a step, or the candles of an instrument."""

    type: Type
    step: int = -1
    instrument: str = ""
    minutes: int | None = None


def check(tree: Tree, *, legs: Iterable[str], underlying: str, want: Type) -> tuple[Program, Type]:
    """The program of a tree and what it gives. Raises RuleInvalid with every finding."""
    checker = _Checker(frozenset(legs), underlying)
    found = checker.whole(tree, want)
    if checker.errors or found is None:
        raise RuleInvalid(checker.errors)
    return checker.program(found.step), found.type


class _Checker:
    def __init__(self, legs: frozenset[str], underlying: str) -> None:
        self.errors: list[RuleError] = []
        self._legs = legs
        self._underlying = underlying
        self._steps: dict[Step, int] = {}
        self._operands: dict[Operand, None] = {}

    def program(self, root: int) -> Program:
        """The steps, the one numbered `root` last."""
        steps = list(self._steps)
        if root != len(steps) - 1:  # it was met before, inside another part
            steps.append(Calc("same", (root,), steps[root].clock))
        return Program(tuple(steps), tuple(self._operands))

    def whole(self, tree: Tree, want: Type) -> Typed | None:
        """The rule: a condition, or with `want` NUM a number."""
        if want is Type.BOOL:
            return self._condition(tree, None)
        found = self._number(tree, None)
        if found:
            self._operand(tree, found)
        return found

    def _add(self, step: Step, kind: Type = Type.NUM) -> Typed:
        return Typed(kind, self._steps.setdefault(step, len(self._steps)))

    def _clock(self, *found: Typed) -> Clock:
        steps = list(self._steps)
        return frozenset[int]().union(*(steps[each.step].clock for each in found))

    def _any(self, tree: Tree, outer: int | None) -> Typed | None:
        """The type of a part; None when it is wrong, which is noted."""
        try:
            if isinstance(tree, Number):
                return self._add(Constant(tree.value))
            if isinstance(tree, Text):
                return Typed(Type.TEXT)
            return self._call(tree, outer) if isinstance(tree, Call) else self._operation(tree, outer)
        except RuleInvalid as invalid:
            self.errors += invalid.errors
            return None

    def _number(self, tree: Tree, outer: int | None) -> Typed | None:
        found = self._any(tree, outer)
        if found and found.type is Type.SERIES:
            return self._add(Price(found.instrument, "close", found.minutes or BASE))
        if found and found.type is not Type.NUM:
            hint = (
                'Only “time” is compared with text, as in time >= "10:00".' if found.type is Type.TEXT else ""
            )
            if found.type is Type.TIME:
                hint = 'Compare it: time >= "10:00".'
            self._wrong(tree, "type_number", f"A number is due here, this is a {found.type}.", hint)
            return None
        return found

    def _condition(self, tree: Tree, outer: int | None) -> Typed | None:
        found = self._any(tree, outer)
        if found and found.type is not Type.BOOL:
            hint = f"Compare it: {write(tree)[:60]} > …"
            self._wrong(tree, "type_condition", f"A condition is due here, this is a {found.type}.", hint)
            return None
        return found

    def _wrong(self, tree: Tree, code: str, message: str, hint: str = "") -> None:
        self.errors.append(RuleError(tree.at, tree.length, code, message, hint))

    # ------------------------------------------------------------ operations

    def _operation(self, tree: Operation, outer: int | None) -> Typed | None:
        if tree.op in {"and", "or", "not"}:
            return self._calc(tree.op, [self._condition(arg, outer) for arg in tree.args], Type.BOOL)
        if tree.op in CROSSINGS:
            return self._crossing(tree, outer)
        if tree.op in COMPARISONS or tree.op == "between":
            return self._comparison(tree, outer)
        return self._calc(tree.op, [self._number(arg, outer) for arg in tree.args])

    def _calc(self, op: str, args: list[Typed | None], kind: Type = Type.NUM) -> Typed | None:
        found = [arg for arg in args if arg]
        if len(found) < len(args):
            return None
        return self._add(Calc(op, tuple(arg.step for arg in found), self._clock(*found)), kind)

    def _comparison(self, tree: Operation, outer: int | None) -> Typed | None:
        if any(isinstance(arg, Call) and arg.name == "time" for arg in tree.args):
            return self._calc(tree.op, [self._moment(arg, outer) for arg in tree.args], Type.BOOL)
        args = [self._number(arg, outer) for arg in tree.args]
        for arg, found in zip(tree.args, args, strict=True):
            self._operand(arg, found)
        return self._calc(tree.op, args, Type.BOOL)

    def _moment(self, tree: Tree, outer: int | None) -> Typed | None:
        if isinstance(tree, Text):
            told = _TIME.fullmatch(tree.value)
            if told:
                hours, minutes, seconds = (int(part or 0) for part in told.groups())
                return self._add(Constant(hours * 3600.0 + minutes * 60 + seconds, moment=True), Type.TIME)
            self._wrong(
                tree, "time_invalid", f"“{tree.value[:20]}” is no time of day.", 'Write it like "09:30".'
            )
            return None
        found = self._any(tree, outer)
        if found and found.type is not Type.TIME:
            self._wrong(
                tree, "type_time", f"A time of day is due here, this is a {found.type}.", 'Like "09:30".'
            )
            return None
        return found

    def _crossing(self, tree: Operation, outer: int | None) -> Typed | None:
        left, right = (self._number(arg, outer) for arg in tree.args)
        if left is None or right is None:
            return None
        clock = self._clock(left, right)
        if not clock:
            raise refuse(
                tree.at, tree.length, "cross_constant", "Neither side ever changes: nothing can cross."
            )
        sign = 1 if tree.op == "crosses_above" else -1
        found = self._add(Cross(sign, left.step, right.step, clock), Type.BOOL)
        for side, (arg, typed) in enumerate(zip(tree.args, (left, right), strict=True)):
            self._operand(arg, typed)
            if not self._constant(typed):
                self._operands.setdefault(Operand(f"{write(arg)} (candle before)", found.step, side))
        return found

    def _operand(self, tree: Tree, found: Typed | None) -> None:
        if found and not self._constant(found):
            self._operands.setdefault(Operand(write(tree), found.step))

    def _constant(self, found: Typed) -> bool:
        return not self._clock(found)

    # ------------------------------------------------------------ calls

    def _call(self, call: Call, outer: int | None) -> Typed | None:
        word = WORDS.get(call.name)
        if word is None:
            shown = call.name[:40]
            hint = nearest(call.name, [*WORDS, *CROSSINGS, "between"])
            raise refuse(call.at, call.length, "name_unknown", f"There is no “{shown}”.", hint)
        if word.kind is Kind.MATH:
            return self._math(call, outer)
        bound = bind(call, word)
        if outer and bound.timeframe and bound.minutes != outer:
            raise refuse(
                bound.timeframe.at, bound.timeframe.length, "timeframe_conflict",
                f"The call around this is computed on {NAMES[outer]} candles.",
                f'Leave “{bound.timeframe.value}” out, or write it in the outer call too.',
            )  # fmt: skip
        if bound.leg and bound.leg.value not in self._legs:
            raise self._no_leg(bound.leg)
        return _BY_KIND[word.kind](self, bound, bound.minutes or outer)

    def _no_leg(self, leg: Text) -> RuleInvalid:
        hint = nearest(leg.value, self._legs) or (
            f"There are: {', '.join(sorted(self._legs))}." * bool(self._legs)
        )
        shown = leg.value[:20]
        return refuse(leg.at, leg.length, "leg_unknown", f"The strategy has no leg “{shown}”.", hint)

    def _math(self, call: Call, outer: int | None) -> Typed | None:
        several = call.name in {"min", "max"}
        if call.keywords or (len(call.args) < 2 if several else len(call.args) != 1):
            due = "two or more numbers" if several else "one number"
            raise refuse(call.at, call.length, "argument_count", f"{call.name} takes {due}.")
        return self._calc(call.name, [self._number(arg, outer) for arg in call.args])

    def _series(self, bound: Bound, minutes: int | None) -> Typed:
        if bound.leg:
            return Typed(Type.SERIES, instrument=catalog.LEG + bound.leg.value, minutes=minutes)
        return Typed(Type.SERIES, instrument=catalog.SERIES_NAMES[bound.word.name], minutes=minutes)

    def _candles(self, bound: Bound, minutes: int | None) -> Typed | None:
        """The candles a price or an indicator is computed from: those named, else the underlying's."""
        if bound.source is None:
            return Typed(Type.SERIES, instrument=self._underlying, minutes=minutes or BASE)
        found = self._any(bound.source, minutes)
        if found and found.type is not Type.SERIES:
            self._wrong(
                bound.source, "type_series", f"{bound.word.name} is computed from candles; give it a series.",
                'Use spot, future, vix, combined or leg("…").',
            )  # fmt: skip
            return None
        return found and Typed(Type.SERIES, instrument=found.instrument, minutes=found.minutes or BASE)

    def _price(self, bound: Bound, minutes: int | None) -> Typed | None:
        candles = self._candles(bound, minutes)
        if candles is None:
            return None
        self._need_volume(bound, candles.instrument, bound.word.name)
        return self._add(Price(candles.instrument, bound.word.name, candles.minutes or BASE))

    def _need_volume(self, bound: Bound, instrument: str, column: object) -> None:
        if column == "volume" and instrument in WITHOUT_VOLUME:
            raise refuse(
                bound.call.at, bound.call.length, "volume_missing",
                f"{bound.word.name} needs volume, and this series has none.",
                f"Use the future: {bound.word.name}(future).",
            )  # fmt: skip

    def _fact(self, bound: Bound, minutes: int | None) -> Typed:
        key = f"{bound.word.name}:{bound.leg.value}" if bound.leg else bound.word.name
        return self._add(Fact(key, minutes or BASE))

    def _time(self, bound: Bound, _minutes: int | None) -> Typed:
        return self._add(TimeOfDay(), Type.TIME)

    def _window(self, bound: Bound, minutes: int | None) -> Typed | None:
        source = bound.source
        assert source is not None  # noqa: S101  bind has seen to it
        own = minutes or named_timeframe(source) or BASE
        found = self._number(source, own)
        if found is None:
            return None
        if bound.word.type is Type.BOOL:
            self._operands.setdefault(Operand(f"{write(source)} ({NAMES[own]})", found.step))
        return self._add(Window(bound.word.name, found.step, bound.params["n"], own), bound.word.type)

    def _indicator(self, bound: Bound, minutes: int | None) -> Typed | None:
        params = tuple(bound.params.items())
        if bound.word.name in OF_A_VALUE:
            return self._of_value(bound, minutes, params)
        candles = self._candles(bound, minutes)
        if candles is None:
            return None
        step = Study(bound.word.name, params, bound.output, candles.minutes or BASE, candles.instrument)
        column = "volume" if step.definition.needs_volume else bound.params.get("source")
        self._need_volume(bound, candles.instrument, column)
        return self._add(step)

    def _of_value(
        self, bound: Bound, minutes: int | None, params: tuple[tuple[str, Value], ...]
    ) -> Typed | None:
        own = minutes or (bound.source and named_timeframe(bound.source)) or BASE
        found = self._value_source(bound, own)
        if found is None:
            return None
        # Its candles are the values themselves: open, high, low and close are one.
        params = (*params, ("source", "close"))
        return self._add(Study(bound.word.name, params, bound.output, own, source=found.step))

    def _value_source(self, bound: Bound, minutes: int) -> Typed | None:
        """The number an indicator follows: the expression given, or its usual price of the candles."""
        usual = "hlc3" if bound.word.name == "cci" else "close"
        if bound.source is None:
            return self._add(Price(self._underlying, usual, minutes))
        found = self._any(bound.source, minutes)
        if found and found.type is Type.SERIES:
            return self._add(Price(found.instrument, usual, minutes))
        if found and found.type is not Type.NUM:
            self._wrong(bound.source, "type_number", f"A number is due here, this is a {found.type}.")
            return None
        return found


_BY_KIND: Final = {
    Kind.PRICE: _Checker._price,
    Kind.SERIES: _Checker._series,
    Kind.FACT: _Checker._fact,
    Kind.TIME: _Checker._time,
    Kind.WINDOW: _Checker._window,
    Kind.INDICATOR: _Checker._indicator,
}

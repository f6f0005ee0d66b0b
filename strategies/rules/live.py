"""A rule minute by minute: the same steps as `whole`, each keeping what it needs of the past."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from qlplatform.core.errors import UserError
from strategies.indicators import Bar, Indicator
from strategies.rules.bars import NAN, Candle, RuleBar, Verdict, instant, micros
from strategies.rules.grid import DAY_US, IST_US
from strategies.rules.operations import OPERATIONS, derived, finite
from strategies.rules.program import (
    Calc,
    Constant,
    Cross,
    Fact,
    Price,
    Program,
    Step,
    Study,
    TimeOfDay,
    Window,
)
from strategies.rules.timeframes import MINUTE_US, candle_end

NOTHING: Final = Candle(NAN, NAN, NAN, NAN)


class LiveRule:
    """Feed it every closed minute, history first. It is rebuilt by feeding the same minutes again."""

    def __init__(self, program: Program, *, condition: bool) -> None:
        self._program = program
        self._condition = condition
        self._frames = {minutes: _Frame(minutes) for minutes in sorted(program.timeframes)}
        self._values: list[float] = [NAN] * len(program.steps)
        self._pasts: list[Any] = [
            _PASTS[type(step)](step) if type(step) in _PASTS else None for step in program.steps
        ]
        self._kernels: dict[object, _Kernel] = {}
        self._facts: Mapping[str, float] = {}
        self._at = self._day = -1

    def feed(self, bar: RuleBar) -> Verdict | None:
        """Take a closed minute. The verdict when one of the rule's candles ended with it, else None.

        A candle whose last minutes never came is closed when a later minute comes; that is too late to
        act on and gives no verdict. Raises UserError `bars_invalid` for a minute out of order or
        outside its sitting.
        """
        at, opens, closes = micros(bar.at), micros(bar.session.opens), micros(bar.session.closes)
        if not (opens < at <= closes and at > self._at):
            raise UserError(
                "Minutes must follow each other and lie inside their trading session.", code="bars_invalid"
            )
        day_closes = micros(bar.session.day_closes or bar.session.closes)
        ends = {m: int(candle_end(m, at, opens, closes, day_closes)) for m in self._frames}
        with np.errstate(all="ignore"):
            self._close_late(ends)
            self._take(bar, at, opens, ends)
            return self._close(at)

    def _close_late(self, ends: Mapping[int, int]) -> None:
        late = {frame.end for m, frame in self._frames.items() if frame.end not in {-1, ends[m]}}
        for end in sorted(late):
            self._close(end)

    def _take(self, bar: RuleBar, at: int, opens: int, ends: Mapping[int, int]) -> None:
        day = (at + IST_US) // DAY_US
        opening = day != self._day and (self._day >= 0 or at - MINUTE_US <= opens)
        self._at, self._day, self._facts = at, day, bar.scalars
        for minutes, frame in self._frames.items():
            frame.take(bar.candles, ends[minutes], opening=opening)

    def _close(self, end: int) -> Verdict | None:
        """Look at every step when candles end at `end`."""
        closing = {minutes for minutes, frame in self._frames.items() if frame.end == end}
        if not closing:
            return None
        for number, step in enumerate(self._program.steps):
            # The time of day passes between the closes of what it is joined with.
            if isinstance(step, Calc) or not step.clock or not step.clock.isdisjoint(closing):
                self._values[number] = float(_WORK[type(step)](self, step, number, end))
            elif isinstance(step, Cross):
                self._values[number] *= 0.0  # unknown stays unknown
                self._pasts[number].befores = (NAN, NAN)
        verdict = self._verdict(end)
        for minutes in closing:
            self._frames[minutes].begin()
        return verdict

    def _verdict(self, end: int) -> Verdict:
        value = self._values[-1]
        inputs = {}
        for each in self._program.operands:
            found = self._values[each.step] if each.side < 0 else self._pasts[each.step].befores[each.side]
            if np.isfinite(found):
                inputs[each.text] = found
        return Verdict(value == 1 if self._condition else value, instant(end), inputs)

    # ------------------------------------------------------------ steps

    def _constant(self, step: Constant, _number: int, _end: int) -> float:
        return step.value

    def _time(self, _step: TimeOfDay, _number: int, end: int) -> float:
        return ((end + IST_US) % DAY_US) / 1e6

    def _price(self, step: Price, _number: int, _end: int) -> Any:
        return finite(derived(step.column, *self._frames[step.minutes].candle(step.instrument)))

    def _fact(self, step: Fact, _number: int, _end: int) -> Any:
        return finite(self._facts.get(step.key, NAN))

    def _study(self, step: Study, _number: int, end: int) -> Any:
        kernel = self._kernel(step)
        frame = self._frames[step.minutes]
        if kernel.at != end:
            value = self._values[step.source]
            candle = Candle(value, value, value, value) if step.source >= 0 else frame.candle(step.instrument)
            kernel.update(candle, end, opening=frame.opening)
        return finite(kernel.outputs[step.output])

    def _kernel(self, step: Study) -> _Kernel:
        key = (step.name, step.params, step.minutes, step.instrument, step.source)
        if key not in self._kernels:
            self._kernels[key] = _Kernel(step.definition.kind(1, dict(step.params)))
        return self._kernels[key]

    def _window(self, step: Window, number: int, _end: int) -> float:
        value = self._values[step.source]
        if not np.isfinite(value):
            return NAN
        past = self._pasts[number]
        past.append(value)
        return _WINDOWS[step.name](past, step.n)

    def _cross(self, step: Cross, number: int, _end: int) -> float:
        past: _Crossing = self._pasts[number]
        return past.look(self._values[step.left], self._values[step.right])

    def _calc(self, step: Calc, _number: int, _end: int) -> Any:
        return OPERATIONS[step.op](*(self._values[arg] for arg in step.args))


class _Frame:
    """The growing candles of a timeframe; `end` is when they close, -1 before the first minute."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        self.end = -1
        self.opening = False
        self._candles: dict[str, Candle] = {}

    def take(self, candles: Mapping[str, Candle], end: int, *, opening: bool) -> None:
        if self.end != end:
            self.end, self.opening = end, opening
        for instrument, candle in candles.items():
            if np.isfinite(candle.open + candle.high + (candle.low + candle.close)):
                self._candles[instrument] = _joined(self._candles.get(instrument), candle)

    def candle(self, instrument: str) -> Candle:
        return self._candles.get(instrument, NOTHING)

    def begin(self) -> None:
        self.end = -1
        self._candles = {}


def _joined(before: Candle | None, minute: Candle) -> Candle:
    if before is None:
        return minute
    high, low = max(before.high, minute.high), min(before.low, minute.low)
    return Candle(before.open, high, low, minute.close, before.volume + minute.volume)


class _Kernel:
    """An indicator of one instrument and what it gave at its latest candle."""

    def __init__(self, indicator: Indicator) -> None:
        self._indicator = indicator
        self.at = -1
        self.outputs: dict[str, float] = {}

    def update(self, candle: Candle, at: int, *, opening: bool) -> None:
        opened, high, low, close, volume = ([value] for value in candle)
        found = self._indicator.update(Bar(opened, high, low, close, volume, opening))
        self.at = at
        self.outputs = {name: values[0] for name, values in found.items()}


class _Crossing:
    """The two sides when both were known last; `befores` are the two one candle before the latest."""

    def __init__(self, step: Cross) -> None:
        self._sign = step.sign
        self._last = (NAN, NAN)
        self.befores = (NAN, NAN)

    def look(self, left: float, right: float) -> float:
        self.befores = (NAN, NAN)
        if not np.isfinite(left) or not np.isfinite(right):
            return NAN
        self.befores, self._last = self._last, (left, right)
        if np.isnan(self.befores[0]):
            return NAN
        before, now = ((a > b) - (a < b) for a, b in (self.befores, self._last))
        return float(before * self._sign <= 0 < now * self._sign)


def _falls_or_rises(past: deque[float], n: int, sign: int) -> float:
    if len(past) <= n:
        return NAN
    values = list(past)
    return float(all((b > a) if sign > 0 else (b < a) for a, b in zip(values, values[1:], strict=False)))


_PASTS: Final[Mapping[type[Step], Callable[[Any], Any]]] = {
    Window: lambda step: deque(maxlen=step.n if step.name in {"highest", "lowest"} else step.n + 1),
    Cross: _Crossing,
}
_WINDOWS: Final[Mapping[str, Callable[[deque[float], int], float]]] = {
    "prev": lambda past, n: past[0] if len(past) > n else NAN,
    "highest": lambda past, n: max(past) if len(past) == n else NAN,
    "lowest": lambda past, n: min(past) if len(past) == n else NAN,
    "rising": lambda past, n: _falls_or_rises(past, n, 1),
    "falling": lambda past, n: _falls_or_rises(past, n, -1),
}
_WORK: Final[Mapping[type[Step], Callable[[LiveRule, Any, int, int], Any]]] = {
    Constant: LiveRule._constant,
    TimeOfDay: LiveRule._time,
    Price: LiveRule._price,
    Fact: LiveRule._fact,
    Study: LiveRule._study,
    Window: LiveRule._window,
    Cross: LiveRule._cross,
    Calc: LiveRule._calc,
}

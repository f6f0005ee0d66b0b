"""A rule over a whole history at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from strategies.rules.bars import Candles, Floats, Ints, RuleHistory, Verdict, instant
from strategies.rules.column_cells import highest, lowest
from strategies.rules.columns import study
from strategies.rules.grid import Grid
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


class Verdicts:
    """What a rule said minute by minute. `values` has one entry per minute of the history: False or NaN where
    nothing closed or something is unknown; `verdicts[i]` is the verdict at the end of minute i, None where no
    candle of the rule closed.
    """

    def __init__(self, program: Program, history: RuleHistory, *, condition: bool) -> None:
        with np.errstate(all="ignore"):
            self._run = _Run(program, Grid(history, sorted(program.timeframes)))
        self._program = program
        self._condition = condition
        minutes, closes = self._run.grid.minutes()
        self._close = np.full(len(history), -1, dtype=np.int64)
        self._close[minutes] = closes
        found = np.full(len(history), np.nan)
        found[minutes] = self._run.columns[-1][closes]
        self.values = found == 1 if condition else found

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, minute: int) -> Verdict | None:
        close = int(self._close[minute])
        if close < 0:
            return None
        value = bool(self.values[minute]) if self._condition else float(self.values[minute])
        at = instant(int(self._run.grid.closes[close]))
        return Verdict(value, at, dict(self._inputs(close)))

    def _inputs(self, close: int) -> list[tuple[str, float]]:
        columns = ((each.text, self._run.column(each.step, each.side)) for each in self._program.operands)
        known = ((text, float(column[close])) for text, column in columns)
        return [(text, value) for text, value in known if np.isfinite(value)]


class _Run:
    """Every step's column of closes."""

    def __init__(self, program: Program, grid: Grid) -> None:
        self.grid = grid
        self.columns: list[Floats] = []
        self._befores: dict[tuple[int, int], Floats] = {}
        self._candles: dict[tuple[str, int], Any] = {}
        self._studies: dict[object, Mapping[str, Floats]] = {}
        for step in program.steps:
            self.columns.append(_WORK[type(step)](self, step))

    def column(self, step: int, side: int) -> Floats:
        return self.columns[step] if side < 0 else self._befores[step, side]

    def constant(self, step: Constant) -> Floats:
        return np.full(len(self.grid), step.value)

    def time(self, _: TimeOfDay) -> Floats:
        return self.grid.seconds()

    def candles(self, instrument: str, minutes: int) -> Any:
        key = instrument, minutes
        if key not in self._candles:
            self._candles[key] = self.grid.frames[minutes].candles(instrument)
        return self._candles[key]

    def price(self, step: Price) -> Floats:
        found = derived(step.column, *self.candles(step.instrument, step.minutes))
        return self.grid.frames[step.minutes].held(finite(found))

    def fact(self, step: Fact) -> Floats:
        frame = self.grid.frames[step.minutes]
        return frame.held(finite(frame.facts(self.grid.history.scalars.get(step.key))))

    def study(self, step: Study) -> Floats:
        frame = self.grid.frames[step.minutes]
        key = (step.name, step.params, step.minutes, step.instrument, step.source)
        if key not in self._studies:
            self._studies[key] = study(step.definition, dict(step.params), *self._study_input(step))
        return frame.held(finite(self._studies[key][step.output]))

    def _study_input(self, step: Study) -> tuple[Any, Any]:
        frame = self.grid.frames[step.minutes]
        if step.source < 0:
            return self.candles(step.instrument, step.minutes), frame.marks
        value = self.columns[step.source][frame.place]
        return Candles(value, value, value, value, np.full(len(value), np.nan)), frame.marks

    def window(self, step: Window) -> Floats:
        frame = self.grid.frames[step.minutes]
        values = self.columns[step.source][frame.place]
        known = np.isfinite(values)
        found = np.full(len(values), np.nan)
        found[known] = _WINDOWS[step.name](values[known], step.n)
        return frame.held(found)

    def cross(self, step: Cross) -> Floats:
        """True at the close it happens at; between two closes of its own clock nothing crosses."""
        at = self.grid.closing(step.clock)
        sides = [self.columns[each][at] for each in (step.left, step.right)]
        known = np.flatnonzero(np.isfinite(sides[0]) & np.isfinite(sides[1]))
        befores = [np.full(len(at), np.nan) for _ in sides]
        for before, side in zip(befores, sides, strict=True):
            before[known[1:]] = side[known[:-1]]
        crossed = OPERATIONS["and"](
            OPERATIONS[">="](*(befores if step.sign < 0 else befores[::-1])),
            OPERATIONS[">"](*(sides if step.sign > 0 else sides[::-1])),
        )
        crossed = np.where(np.isnan(befores[0]), np.nan, crossed)
        number = len(self.columns)
        for place in (0, 1):
            self._befores[number, place] = self._at(at, befores[place])
        return self._between_closes(at, crossed)

    def _at(self, at: Ints, values: Floats) -> Floats:
        found = np.full(len(self.grid), np.nan)
        found[at] = values
        return found

    def _between_closes(self, at: Ints, crossed: Floats) -> Floats:
        last = np.searchsorted(at, np.arange(len(self.grid)), side="right")
        found = np.append(np.nan, np.where(np.isnan(crossed), np.nan, 0.0))[last]
        found[at] = crossed
        return found

    def calc(self, step: Calc) -> Floats:
        found: Floats = OPERATIONS[step.op](*(self.columns[arg] for arg in step.args))
        return found


_WORK: Final[Mapping[type[Step], Callable[[_Run, Any], Floats]]] = {
    Constant: _Run.constant,
    TimeOfDay: _Run.time,
    Price: _Run.price,
    Fact: _Run.fact,
    Study: _Run.study,
    Window: _Run.window,
    Cross: _Run.cross,
    Calc: _Run.calc,
}


def _shifted(values: Floats, n: int) -> Floats:
    return np.concatenate([np.full(min(n, len(values)), np.nan), values[: max(len(values) - n, 0)]])


def _runs(steps: Floats, n: int) -> Floats:
    """1 where the last n steps all went the way, NaN while there were fewer than n."""
    bars = np.arange(len(steps))
    broken = np.maximum.accumulate(np.where(steps == 1, -1, bars)) if len(steps) else bars
    return np.where(bars < n, np.nan, (bars - broken >= n).astype(np.float64))


def _rising(values: Floats, n: int) -> Floats:
    return _runs(OPERATIONS[">"](values, _shifted(values, 1)), n)


def _falling(values: Floats, n: int) -> Floats:
    return _runs(OPERATIONS["<"](values, _shifted(values, 1)), n)


_WINDOWS: Final[Mapping[str, Callable[[Floats, int], Floats]]] = {
    "prev": _shifted,
    "highest": highest,
    "lowest": lowest,
    "rising": _rising,
    "falling": _falling,
}

"""What a run waits for next, so that the caller may skip every event that cannot wake it."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from strategies.engine.program import LegProgram, Program
from strategies.engine.state import LegState, RunState
from strategies.engine.types import RunPhase, Side, Waits

Band = tuple[int | None, int | None]


def waits(program: Program, state: RunState) -> Waits:
    """The waits of `state`. An event changes nothing unless it is at or after `next_at`, quotes a price
    outside a band, or `every_event` is set; news and commands always count.
    """
    if state.phase is RunPhase.ARMED:
        # A day that is not allowed ends at the first event, whenever it comes.
        return Waits({}, program.entry_at, every_event=not program.day_allowed)
    leaving = any(now.exit is not None and (now.exit.refused or now.exit.working) for now in state.legs)
    if state.phase not in (RunPhase.ENTERING, RunPhase.RUNNING):
        return Waits({}, None, every_event=leaving)
    overall = program.overall_stop_paise is not None or program.overall_target_paise is not None
    next_at = program.exit_at if state.deadline is None else min(program.exit_at, state.deadline)
    return Waits(_bands(program, state), next_at, every_event=overall or leaving)


def _bands(program: Program, state: RunState) -> dict[int, Band]:
    bands: dict[int, Band] = {}
    for leg, now in zip(program.legs, state.legs, strict=True):
        if now.contract is None or not now.watched:
            continue
        band = _band(leg, now)
        if band != (None, None):
            known = bands.get(now.contract.key, (None, None))
            bands[now.contract.key] = (_pick(max, known[0], band[0]), _pick(min, known[1], band[1]))
    return bands


def _band(leg: LegProgram, now: LegState) -> Band:
    """Whole paise: floor below, ceiling above, so that no price between them can reach an exact level."""
    good = [level for level in (now.target, now.next_step) if level is not None]
    if leg.side is Side.SELL:
        return _floor(max(good, default=None)), _ceil(now.stop)
    return _floor(now.stop), _ceil(min(good, default=None))


def _floor(level: Fraction | None) -> int | None:
    return None if level is None else math.floor(level)


def _ceil(level: Fraction | None) -> int | None:
    return None if level is None else math.ceil(level)


def _pick(choose: Callable[[list[int]], int], a: int | None, b: int | None) -> int | None:
    values = [value for value in (a, b) if value is not None]
    return choose(values) if values else None

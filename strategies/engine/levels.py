"""Where stops and targets lie: exact levels in paise from the exact average entry price (vocabulary, section
4).
"""

from __future__ import annotations

from fractions import Fraction

from strategies.engine.program import LegProgram
from strategies.engine.state import LegState
from strategies.engine.types import Contract, Side


def stop_level(leg: LegProgram, state: LegState, steps: int) -> Fraction | None:
    """`E - s*x`, shifted by `s*y` for each trail step taken.

    With y <= x (a rule of the spec) the result never passes the best price seen, so no cap is needed. May
    come out at or below zero: see `usable`.
    """
    if leg.stop is None:
        return None
    entry = state.average
    shift = steps * leg.trail.y.of(entry) if leg.trail else Fraction(0)
    return entry - leg.side.sign * (leg.stop.of(entry) - shift)


def target_level(leg: LegProgram, state: LegState) -> Fraction | None:
    """`E + s*x`; may come out at or below zero: see `usable`."""
    if leg.target is None:
        return None
    entry = state.average
    return entry + leg.side.sign * leg.target.of(entry)


def usable(level: Fraction | None, contract: Contract | None) -> Fraction | None:
    """The level as it is watched: one tick when it came out at or below zero (vocabulary, section 11)."""
    if level is None or level > 0 or contract is None:
        return level
    return Fraction(contract.tick_paise)


def step_level(leg: LegProgram, state: LegState, step: int) -> Fraction | None:
    """The price at which the `step`-th trail step is reached; None without a trail."""
    if leg.trail is None:
        return None
    entry = state.average
    return entry + leg.side.sign * leg.trail.x.of(entry) * step


def steps_reached(leg: LegProgram, state: LegState, price: int) -> int:
    """Full steps of `x` that `price` lies in favour of the entry; 0 or less when it does not."""
    if leg.trail is None:
        return 0
    entry = state.average
    step = leg.trail.x.of(entry)
    return int(leg.side.sign * (price - entry) // step) if step else 0


def stop_hit(leg: LegProgram, state: LegState, price: int) -> bool:
    return state.stop is not None and _reached(price, state.stop, rising=leg.side is Side.SELL)


def step_hit(leg: LegProgram, state: LegState, price: int) -> bool:
    """True when `price` reaches the next trail step."""
    return state.next_step is not None and _reached(price, state.next_step, rising=leg.side is Side.BUY)


def target_hit(leg: LegProgram, state: LegState, price: int) -> bool:
    return state.target is not None and _reached(price, state.target, rising=leg.side is Side.BUY)


def _reached(price: int, level: Fraction, *, rising: bool) -> bool:
    """Inclusive comparison of a whole number of paise with an exact level, in integers."""
    left, right = price * level.denominator, level.numerator
    return left >= right if rising else left <= right

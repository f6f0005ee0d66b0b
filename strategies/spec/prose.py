"""A strategy in plain sentences: what it does, what it waits for next, and how much risk it opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strategies.engine.types import Right, RunPhase, Side
from strategies.spec.canonical import clock_text, number_text
from strategies.spec.model import (
    WEEKDAYS,
    AtmOffset,
    Distance,
    DistanceType,
    ExactStrike,
    Leg,
    Spec,
    SquareOff,
    StepTrail,
    TrailUnit,
)

if TYPE_CHECKING:
    from strategies.engine.state import RunState


@dataclass(frozen=True, slots=True)
class RiskSummary:
    """`lots` are the lots open when every leg is; `naked_short` is True when a sold lot has no bought lot of
    its right.
    """

    naked_short: bool
    legs: int
    lots: int


def risk_summary(spec: Spec, *, multiplier: int = 1) -> RiskSummary:
    """The risk `spec` opens with `multiplier`: naked shorts, number of legs, most open lots."""
    naked = any(_lots(spec, Side.SELL, right) > _lots(spec, Side.BUY, right) for right in Right)
    return RiskSummary(naked, len(spec.legs), multiplier * sum(leg.lots for leg in spec.legs))


def _lots(spec: Spec, side: Side, right: Right) -> int:
    return sum(leg.lots for leg in spec.legs if leg.side is side and leg.right is right)


def describe(spec: Spec) -> list[str]:
    """The strategy in plain sentences, in the order in which a trader would tell it."""
    sentences = [
        f"Enter {spec.underlying} weekly options at {clock_text(spec.entry_time)} on {_days(spec)}, "
        f"not later than {clock_text(spec.last_entry_time)}."
    ]
    sentences += [_leg_sentence(leg) for leg in spec.legs]
    if spec.square_off is SquareOff.COMPLETE and any(leg.stop or leg.target for leg in spec.legs):
        sentences.append("When one leg hits its stop or target, every leg is closed.")
    if spec.overall_stop_paise is not None:
        sentences.append(f"Close everything when the loss reaches ₹{_rupees(spec.overall_stop_paise)}.")
    if spec.overall_target_paise is not None:
        sentences.append(f"Close everything when the profit reaches ₹{_rupees(spec.overall_target_paise)}.")
    sentences.append(f"Exit whatever is open at {clock_text(spec.exit_time)}.")
    return sentences


def next_action(spec: Spec, state: RunState | None) -> str:
    """What the strategy waits for, in a few words: `Exit 15:15 or stop at 25 %`. None is a run that does not
    exist yet.
    """
    phase = RunPhase.ARMED if state is None else state.phase
    if state is not None and state.paused and phase is RunPhase.ARMED:
        return "Paused: no entry until you resume"
    words = {
        RunPhase.ARMED: f"Enter at {clock_text(spec.entry_time)}",
        RunPhase.ENTERING: "Entering: waiting for fills",
        RunPhase.EXITING: "Closing: waiting for fills",
        RunPhase.COMPLETED: "Done for the day",
        RunPhase.ERROR: "Stopped: needs attention",
    }
    return words.get(phase) or _exits(spec, state)


def _exits(spec: Spec, state: RunState | None) -> str:
    legs = spec.legs if state is None else _open_legs(spec, state)
    waits = [f"Exit {clock_text(spec.exit_time)}"]
    waits += _distinct(f"stop at {_distance(leg.stop)}" for leg in legs if leg.stop)
    waits += _distinct(f"target at {_distance(leg.target)}" for leg in legs if leg.target)
    if spec.overall_stop_paise is not None:
        waits.append(f"loss of ₹{_rupees(spec.overall_stop_paise)}")
    if spec.overall_target_paise is not None:
        waits.append(f"profit of ₹{_rupees(spec.overall_target_paise)}")
    return waits[0] if len(waits) == 1 else f"{', '.join(waits[:-1])} or {waits[-1]}"


def _open_legs(spec: Spec, state: RunState) -> list[Leg]:
    return [leg for leg, now in zip(spec.legs, state.legs, strict=True) if now.exit_reason is None]


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _days(spec: Spec) -> str:
    if spec.days == WEEKDAYS:
        return "every weekday"
    return ", ".join(day.capitalize() for day in spec.days)


def _leg_sentence(leg: Leg) -> str:
    verb = "Buy" if leg.side is Side.BUY else "Sell"
    lots = "1 lot" if leg.lots == 1 else f"{leg.lots} lots"
    text = f"{verb} {lots} of the {_strike(leg.strike_by)} {leg.right} ({leg.id})"
    if leg.stop:
        text += f", stop {_distance(leg.stop)} {'below' if leg.side is Side.BUY else 'above'} the entry price"
    if leg.target:
        text += f", target {_distance(leg.target)} {'above' if leg.side is Side.BUY else 'below'} it"
    if leg.trail:
        text += f", the stop moves {_step(leg.trail, 'y')} for every {_step(leg.trail, 'x')} in favour"
    return text + "."


def _strike(rule: AtmOffset | ExactStrike) -> str:
    if isinstance(rule, ExactStrike):
        return _rupees(rule.strike_paise)
    if rule.offset == 0:
        return "ATM"
    return f"{'OTM' if rule.offset > 0 else 'ITM'}{abs(rule.offset)}"


def _distance(distance: Distance) -> str:
    value = number_text(distance.value)
    return f"{value} %" if distance.type is DistanceType.PREMIUM_PCT else f"{value} points"


def _step(trail: StepTrail, name: str) -> str:
    value = number_text(trail.x if name == "x" else trail.y)
    return f"{value} %" if trail.unit is TrailUnit.PCT else f"{value} points"


def _rupees(paise: int) -> str:
    whole, rest = divmod(paise, 100)
    digits = str(whole)
    # Indian grouping: the last three digits, then pairs.
    head, tail = digits[:-3], digits[-3:]
    while head:
        head, tail = head[:-2], f"{head[-2:]},{tail}"
    return f"{tail}.{rest:02d}" if rest else tail

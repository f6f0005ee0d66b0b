"""The decision core: `decide(program, state, event)` answers one event. Pure and deterministic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from strategies.engine.draft import Draft
from strategies.engine.entry import enter
from strategies.engine.exits import close_all, leg_rules, overall_rules
from strategies.engine.news import apply_done, apply_fill
from strategies.engine.program import Program
from strategies.engine.ratchets import trail_stops
from strategies.engine.state import RunState
from strategies.engine.structure import advance, chase, retry_refused, unwind
from strategies.engine.types import (
    Command,
    Decision,
    EntryBlocked,
    Event,
    ExitReason,
    FillEvent,
    Note,
    OrderDone,
    PriceEvent,
    RunPhase,
)


@dataclass(frozen=True, slots=True)
class Step:
    """The answer to one event. `state` is the same object as before when nothing happened."""

    state: RunState
    decisions: tuple[Decision, ...]


def decide(program: Program, state: RunState, event: Event) -> Step:
    """Answer `event`: the next state and the decisions, in the order in which they must be carried out.

    A PriceEvent without any price is a clock tick: time rules act on it, price rules do not.
    """
    draft = Draft(program, state)
    match event:
        case PriceEvent():
            _on_prices(draft, event)
        case FillEvent():
            apply_fill(draft, event)
        case OrderDone():
            apply_done(draft, event)
        case EntryBlocked():
            _on_blocked(draft, event)
        case Command():
            _on_command(draft, event)
        case _:
            assert_never(event)
    if draft.state is not state:
        advance(draft)
    return Step(draft.state, tuple(draft.decisions))


def _on_prices(draft: Draft, event: PriceEvent) -> None:
    """The order of evaluation of the vocabulary, section 0: time, overall rules, legs, ratchets."""
    state, program = draft.state, draft.program
    if state.phase is RunPhase.ARMED:
        enter(draft, event)
        return
    retry_refused(draft)
    chase(draft, event)
    if state.phase not in (RunPhase.ENTERING, RunPhase.RUNNING):
        return
    if event.at >= program.exit_at:
        close_all(draft, event, ExitReason.EXIT_TIME, f"Exit time {program.exit_at:%H:%M} reached")
    elif state.deadline is not None and event.at >= state.deadline:
        seconds = int(program.fill_timeout.total_seconds())
        unwind(draft, "fill_timeout", f"the entry was not complete within {seconds} seconds")
    elif not overall_rules(draft, event):
        leg_rules(draft, event)
        trail_stops(draft, event)


def _on_blocked(draft: Draft, event: EntryBlocked) -> None:
    """Nothing was sent and nothing will be: the run is over for the day."""
    if draft.state.phase is RunPhase.ARMED:
        draft.decisions.append(Note(event.code, event.text))
        draft.end(event.code, event.text)


def _on_command(draft: Draft, event: Command) -> None:
    """Pause and resume touch entries only; square off closes everything and needs no price."""
    if draft.state.over:
        return
    if event.kind in ("PAUSE", "RESUME"):
        draft.change(paused=event.kind == "PAUSE")
        draft.decisions.append(Note("paused" if event.kind == "PAUSE" else "resumed", event.text))
    elif event.kind != "SQUARE_OFF":
        draft.decisions.append(
            Note("unknown_command", f"The command {event.kind} is not known and was left aside.")
        )
    elif draft.state.phase is RunPhase.ARMED:
        draft.end("square_off", event.text)
    else:
        inputs = {"command": event.kind, "at": event.at.isoformat()}
        for index, _, _ in draft.legs():
            draft.leave(index, event.reason, event.text, None, inputs)

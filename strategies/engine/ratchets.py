"""Setting and moving levels: after entry fills, and by the step trail (vocabulary, sections 4 and 8)."""

from __future__ import annotations

from fractions import Fraction

from strategies.engine.draft import Draft
from strategies.engine.levels import step_hit, step_level, steps_reached, stop_level, target_level, usable
from strategies.engine.prices import fresh_price
from strategies.engine.program import LegProgram
from strategies.engine.types import LevelSet, Note, PriceEvent
from strategies.engine.wording import level_text, rupees, seen


def set_levels(draft: Draft, index: int) -> None:
    """(Re)compute the levels of a leg from its average entry price; trail steps already taken stay taken."""
    leg, now = draft.program.legs[index], draft.state.legs[index]
    if now.exit_reason is not None or not now.entry_qty:
        return
    draft.change_leg(index, next_step=step_level(leg, now, now.steps + 1))
    for kind, level in (("stop", stop_level(leg, now, now.steps)), ("target", target_level(leg, now))):
        watched = usable(level, now.contract)
        if watched is None or watched == getattr(now, kind):
            continue
        draft.change_leg(index, **{kind: watched})
        if level != watched:
            text = f"The {kind} of {leg.id} came out at or below zero and is set to one tick."
            draft.decisions.append(Note(f"{kind}_at_one_tick", text, {"level": level_text(watched)}))
        average = level_text(now.average)
        text = f"{kind.capitalize()} of {leg.id} set to {level_text(watched)}, entry {average}"
        draft.decisions.append(LevelSet(leg.id, kind, level_text(watched), text, {"entry": average}))


def trail_stops(draft: Draft, event: PriceEvent) -> None:
    """Move the stop of every leg whose price reached a further step; it acts from the next snapshot on."""
    for index, leg, now in draft.legs():
        if now.next_step is None or not now.watched:
            continue
        price = fresh_price(event, now.contract)
        if price is not None and step_hit(leg, now, price):
            _take_steps(draft, event, index, price)


def _take_steps(draft: Draft, event: PriceEvent, index: int, price: int) -> None:
    leg, now = draft.program.legs[index], draft.state.legs[index]
    steps = steps_reached(leg, now, price)
    stop = usable(stop_level(leg, now, steps), now.contract)
    draft.change_leg(index, steps=steps, stop=stop, next_step=step_level(leg, now, steps + 1))
    if stop is None or stop == now.stop:
        return
    text = _moved(leg, stop, steps, price)
    inputs = seen(event, price_paise=price, steps=steps)
    draft.decisions.append(LevelSet(leg.id, "stop", level_text(stop), text, inputs))


def _moved(leg: LegProgram, stop: Fraction, steps: int, price: int) -> str:
    times = "1 step" if steps == 1 else f"{steps} steps"
    return f"Stop of {leg.id} moved to {level_text(stop)}: {times} in favour at {rupees(price)}"

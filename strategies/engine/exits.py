"""What makes legs leave, in the order of the vocabulary, section 0: strategy rules first, then each leg for
itself.
"""

from __future__ import annotations

from strategies.engine.draft import Draft
from strategies.engine.levels import stop_hit, stop_level, target_hit, usable
from strategies.engine.mtm import mtm_paise
from strategies.engine.prices import fresh_price, known_price
from strategies.engine.program import LegProgram
from strategies.engine.state import LegState
from strategies.engine.types import ExitReason, PriceEvent, Side
from strategies.engine.wording import contract_text, level_text, rupees, seen
from strategies.spec.model import SquareOff


def close_all(draft: Draft, event: PriceEvent, reason: ExitReason, text: str, mtm: int | None = None) -> None:
    """Every leg that is not leaving yet leaves now, with or without a price."""
    for index, _, now in draft.legs():
        price = known_price(event, now.contract)
        draft.leave(index, reason, text, price, seen(event, price_paise=price, mtm_paise=mtm))


def overall_rules(draft: Draft, event: PriceEvent) -> bool:
    """Overall stop, then overall target, on the marks; True when one closed everything.

    They are tested only when at least one open leg has a price of this event.
    """
    program = draft.program
    if program.overall_stop_paise is None and program.overall_target_paise is None:
        return False
    if not any(now.open_qty and fresh_price(event, now.contract) for now in draft.state.legs):
        return False
    mtm = mtm_paise(program, draft.state, event.marks)
    if mtm is None:
        return False
    if program.overall_stop_paise is not None and mtm <= -program.overall_stop_paise:
        text = f"Overall stop hit: result {rupees(mtm)}, limit {rupees(-program.overall_stop_paise)}"
        close_all(draft, event, ExitReason.OVERALL_SL, text, mtm)
        return True
    if program.overall_target_paise is not None and mtm >= program.overall_target_paise:
        text = f"Overall target reached: result {rupees(mtm)}, target {rupees(program.overall_target_paise)}"
        close_all(draft, event, ExitReason.OVERALL_TARGET, text, mtm)
        return True
    return False


def leg_rules(draft: Draft, event: PriceEvent) -> None:
    """Stop, then target, of every open leg that has a price of this event; all legs hit by one event leave in
    it.
    """
    hits = [index for index, leg, now in draft.legs() if _hit(leg, now, event) is not None]
    if not hits:
        return
    complete = draft.program.square_off is SquareOff.COMPLETE
    for index in hits[:1] if complete else hits:
        _leave_by_rule(draft, event, index)
    if complete:
        text = f"Square off complete: {draft.program.legs[hits[0]].id} left"
        close_all(draft, event, ExitReason.SQUARE_OFF_COMPLETE, text)
    else:
        _close_bonded_shorts(draft, event, hits)


def _hit(leg: LegProgram, now: LegState, event: PriceEvent) -> ExitReason | None:
    """The reason for which this event's price closes the leg; the stop comes before the target."""
    if not now.watched:
        return None
    price = fresh_price(event, now.contract)
    if price is None:
        return None
    if stop_hit(leg, now, price):
        return _stop_reason(leg, now)
    return ExitReason.LEG_TARGET if target_hit(leg, now, price) else None


def _stop_reason(leg: LegProgram, now: LegState) -> ExitReason:
    """What last set the level: the trail once it has moved it, else the stop itself."""
    configured = usable(stop_level(leg, now, 0), now.contract)
    return ExitReason.LEG_SL if now.stop == configured else ExitReason.LEG_TRAIL


def _leave_by_rule(draft: Draft, event: PriceEvent, index: int) -> None:
    leg, now = draft.program.legs[index], draft.state.legs[index]
    reason, price = _hit(leg, now, event), fresh_price(event, now.contract)
    level = now.target if reason is ExitReason.LEG_TARGET else now.stop
    if reason is None or price is None or level is None or now.contract is None:
        return
    words = {
        ExitReason.LEG_TARGET: ("Target reached", "target"),
        ExitReason.LEG_TRAIL: ("Trailed stop hit", "stop"),
    }
    event_word, level_word = words.get(reason, ("Stop hit", "stop"))
    name = contract_text(draft.program, now.contract)
    text = f"{event_word}: {name} at {rupees(price)}, {level_word} {level_text(level)}"
    draft.leave(index, reason, text, price, seen(event, price_paise=price, level=level_text(level)))


def _close_bonded_shorts(draft: Draft, event: PriceEvent, hits: list[int]) -> None:
    """A long that covers a short never leaves alone (hedge bond, vocabulary section 8): its shorts leave with
    it.
    """
    for index in hits:
        leg = draft.program.legs[index]
        if leg.side is not Side.BUY:
            continue
        for short in draft.program.bonds[index]:
            price = known_price(event, draft.state.legs[short].contract)
            text = f"Closed with its hedge {leg.id}"
            draft.leave(short, ExitReason.SQUARE_OFF_COMPLETE, text, price, seen(event, price_paise=price))

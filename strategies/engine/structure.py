"""The structure machine: hedges first and filled first, whole or flat, shorts bought back before longs are
sold.

`advance` looks at what has been decided and what has filled and sends what may be sent now (vocabulary,
section 8). It is called once per event, so that each order gets at most one further attempt per event.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from operator import and_

from strategies.engine.draft import Draft
from strategies.engine.prices import fresh_price
from strategies.engine.program import LegProgram
from strategies.engine.state import LegState, OrderState
from strategies.engine.types import (
    CancelOrder,
    CloseLeg,
    ExitReason,
    Note,
    OpenLeg,
    PriceEvent,
    Purpose,
    RunPhase,
    Side,
)
from strategies.engine.wording import contract_text, rupees

CHASE_AFTER = timedelta(seconds=2)

_LETTER = {Purpose.ENTRY: "E", Purpose.EXIT: "X"}


def order_ref(cycle: int, leg_id: str, purpose: Purpose, attempt: int) -> str:
    """The name of an order inside its run, like `1-L1-E-1`; the same wish always has the same name."""
    return f"{cycle}-{leg_id}-{_LETTER[purpose]}-{attempt}"


def find_order(draft: Draft, ref: str) -> tuple[int, Purpose] | None:
    """Leg position and purpose of an order of this run, older attempts included; None for a ref that is not
    ours.
    """
    cycle, _, rest = ref.partition("-")
    leg_id, letter, attempt = (rest.rsplit("-", 2) + ["", ""])[:3]
    index = draft.program.index(leg_id)
    if cycle != str(draft.state.cycle) or index is None:
        return None
    for purpose, order in (
        (Purpose.ENTRY, draft.state.legs[index].entry),
        (Purpose.EXIT, draft.state.legs[index].exit),
    ):
        if (
            letter == _LETTER[purpose]
            and order is not None
            and attempt.isdecimal()
            and int(attempt) <= order.attempt
        ):
            return index, purpose
    return None


def unwind(draft: Draft, code: str, text: str) -> None:
    """The entry cannot become whole: everything that filled is closed again and the run ends in ERROR."""
    draft.change(failed=True)
    draft.decisions.append(Note(code, text))
    for index, _, now in draft.legs():
        draft.leave(
            index, ExitReason.UNWIND, f"Entry undone: {text}", now.price_paise or None, {"code": code}
        )


def advance(draft: Draft) -> None:
    """Send, cancel and finish what the state calls for; does nothing when called again without news."""
    if draft.state.over or draft.state.phase is RunPhase.ARMED:
        return
    if draft.state.phase is RunPhase.ENTERING:
        _advance_entry(draft)
    if (
        all(now.exit_reason is not None for now in draft.state.legs)
        and draft.state.phase is not RunPhase.EXITING
    ):
        draft.change(phase=RunPhase.EXITING, deadline=None)
    _cancel(draft)
    _close(draft)
    _finish(draft)


def _advance_entry(draft: Draft) -> None:
    if _broken(draft):
        unwind(draft, "entry_broken", "a leg left before the entry was complete")
        return
    hedged = all(now.entry_qty >= now.qty for _, leg, now in draft.legs() if leg.side is Side.BUY)
    for index, leg, now in draft.legs():
        if now.entry is None and now.exit_reason is None and (leg.side is Side.BUY or hedged):
            _open(draft, index, leg, now)
    if all(now.entry_qty >= now.qty for now in draft.state.legs):
        draft.change(phase=RunPhase.RUNNING, deadline=None)


def _broken(draft: Draft) -> bool:
    """True when a leg leaves before it filled while others still come in: it cannot become whole any more.

    A hedge that leaves before its shorts were sent is such a case: its bond makes them leave unfilled.
    """
    leaving = [now.exit_reason is not None for now in draft.state.legs]
    unfilled = [now.entry_qty < now.qty for now in draft.state.legs]
    return not all(leaving) and any(map(and_, leaving, unfilled))


def _open(draft: Draft, index: int, leg: LegProgram, now: LegState) -> None:
    if now.contract is None:
        return
    ref = order_ref(draft.state.cycle, leg.id, Purpose.ENTRY, 1)
    draft.change_leg(index, entry=OrderState(ref, 1, now.qty))
    name = contract_text(draft.program, now.contract)
    verb = "Buy" if leg.side is Side.BUY else "Sell"
    text = f"{verb} {now.qty} {name} at {rupees(now.price_paise)} to open {leg.id}"
    draft.decisions.append(
        OpenLeg(
            order_ref=ref,
            leg_id=leg.id,
            cycle=draft.state.cycle,
            contract=now.contract,
            side=leg.side,
            qty=now.qty,
            price_paise=now.price_paise,
            text=text,
            inputs={"price_paise": now.price_paise},
        )
    )


def _cancel(draft: Draft) -> None:
    """Cancel entries of legs that leave, and an exit that asks for more than is still open."""
    for index, leg, now in draft.legs():
        if now.exit_reason is None:
            continue
        if now.entry is not None and now.entry.working and not now.entry.cancelling:
            draft.change_leg(index, entry=replace(now.entry, cancelling=True))
            draft.decisions.append(CancelOrder(now.entry.ref, f"{leg.id} leaves: cancel what has not filled"))
        order = now.exit
        if order is None or not order.working or order.cancelling:
            continue
        if order.qty - order.filled > max(now.open_qty, 0):
            draft.change_leg(index, exit=replace(order, cancelling=True))
            draft.decisions.append(
                CancelOrder(order.ref, f"{leg.id} has less open than this order would close")
            )


def _close(draft: Draft) -> None:
    """Send exits: shorts at once, longs when every short that leaves is settled."""
    for side in (Side.SELL, Side.BUY):
        if side is Side.BUY and not _shorts_settled(draft):
            return
        for index, leg, now in draft.legs():
            idle = now.exit is None or not (now.exit.working or now.exit.refused)
            if leg.side is side and now.exit_reason is not None and now.open_qty > 0 and idle:
                _send_exit(draft, index, leg, now, now.exit_reason)


def retry_refused(draft: Draft) -> None:
    """New prices: exits that were rejected may be sent again."""
    for index, _, now in draft.legs():
        if now.exit is not None and now.exit.refused:
            draft.change_leg(index, exit=replace(now.exit, refused=False))


def chase(draft: Draft, event: PriceEvent) -> None:
    """An exit that rests while its contract trades is out of reach: it is cancelled CHASE_AFTER later, and
    leaves again at the price of that moment. Exits never end in resting (vocabulary, section 8).
    """
    for index, leg, now in draft.legs():
        order = now.exit
        if order is None or not order.working or order.cancelling:
            continue
        if fresh_price(event, now.contract) is None:
            continue
        if order.missed_at is None:
            draft.change_leg(index, exit=replace(order, missed_at=event.at))
        elif event.at >= order.missed_at + CHASE_AFTER:
            draft.change_leg(index, exit=replace(order, cancelling=True))
            text = f"The price ran away from the exit of {leg.id}: cancel it and send it at the new price"
            draft.decisions.append(CancelOrder(order.ref, text))


def _shorts_settled(draft: Draft) -> bool:
    return all(
        now.settled for _, leg, now in draft.legs() if leg.side is Side.SELL and now.exit_reason is not None
    )


def _send_exit(draft: Draft, index: int, leg: LegProgram, now: LegState, reason: ExitReason) -> None:
    if now.contract is None:
        return
    attempt = now.exit.attempt + 1 if now.exit else 1
    ref = order_ref(draft.state.cycle, leg.id, Purpose.EXIT, attempt)
    draft.change_leg(index, exit=OrderState(ref, attempt, now.open_qty))
    draft.decisions.append(
        CloseLeg(
            order_ref=ref,
            leg_id=leg.id,
            cycle=draft.state.cycle,
            contract=now.contract,
            side=leg.side.opposite,
            qty=now.open_qty,
            price_paise=now.exit_price_paise,
            reason=reason,
            text=now.exit_text if attempt == 1 else f"{now.exit_text} (attempt {attempt})",
            inputs=now.exit_inputs,
        )
    )


def _finish(draft: Draft) -> None:
    """End the run when every leg has left, nothing is held and nothing can fill any more."""
    legs = draft.state.legs
    if not all(now.exit_reason is not None and now.settled for now in legs):
        return
    if any(now.exit is not None and now.exit.working for now in legs):
        return
    if any(now.open_qty < 0 for now in legs):
        text = "More was closed than was open: a position is left the other way round. Close it by hand."
        draft.end("overfilled", text, phase=RunPhase.ERROR)
    elif draft.state.failed:
        draft.end("unwound", "The entry could not be completed; everything is closed.", phase=RunPhase.ERROR)
    else:
        draft.end("flat", "Everything is closed; the run is complete.")

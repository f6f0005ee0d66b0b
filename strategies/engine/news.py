"""News about orders of the run: fills and orders that ended. They never test price rules."""

from __future__ import annotations

from dataclasses import replace

from strategies.engine.draft import Draft
from strategies.engine.ratchets import set_levels
from strategies.engine.state import OrderState
from strategies.engine.structure import find_order, unwind
from strategies.engine.types import FillEvent, Note, OrderDone, Purpose, RunPhase


def apply_fill(draft: Draft, event: FillEvent) -> None:
    """Count a fill; levels follow the new average. A fill after the end opens the run again, so that it is
    closed.
    """
    found = find_order(draft, event.order_ref)
    if found is None:
        _unknown(draft, event.order_ref)
        return
    index, purpose = found
    now, value = draft.state.legs[index], event.qty * event.price_paise
    if purpose is Purpose.ENTRY:
        order = _filled(now.entry, event)
        draft.change_leg(
            index, entry=order, entry_qty=now.entry_qty + event.qty, entry_value=now.entry_value + value
        )
        set_levels(draft, index)
    else:
        order = _filled(now.exit, event)
        draft.change_leg(
            index, exit=order, exit_qty=now.exit_qty + event.qty, exit_value=now.exit_value + value
        )
    if draft.state.over:
        draft.change(phase=RunPhase.EXITING)
        text = f"{event.qty} filled on {event.order_ref} after the run had ended."
        draft.decisions.append(Note("late_fill", text, {"order_ref": event.order_ref, "qty": event.qty}))


def apply_done(draft: Draft, event: OrderDone) -> None:
    """An order ended without all of its quantity: an entry is undone, an exit is sent again (a rejected one
    with the next prices, so that a broker that keeps refusing is not flooded).
    """
    found = find_order(draft, event.order_ref)
    if found is None:
        _unknown(draft, event.order_ref)
        return
    index, purpose = found
    now, leg = draft.state.legs[index], draft.program.legs[index]
    order = now.entry if purpose is Purpose.ENTRY else now.exit
    if order is None or order.ref != event.order_ref or order.ended:
        return
    ended = replace(order, ended=True)
    if purpose is Purpose.EXIT:
        draft.change_leg(index, exit=replace(ended, refused=event.outcome == "REJECTED"))
        return
    draft.change_leg(index, entry=ended)
    if now.exit_reason is None and order.filled < order.qty:
        why = f"{leg.id} was {event.outcome.lower()}" + (f": {event.reason}" if event.reason else "")
        unwind(draft, "entry_not_filled", why)


def _filled(order: OrderState | None, event: FillEvent) -> OrderState | None:
    """The order with the fill counted; a fill of an older attempt leaves the present one as it is."""
    if order is None or order.ref != event.order_ref:
        return order
    return replace(order, filled=order.filled + event.qty)


def _unknown(draft: Draft, ref: str) -> None:
    text = f"News about the order {ref}, which is not of this run, was left aside."
    draft.decisions.append(Note("unknown_order", text, {"order_ref": ref}))

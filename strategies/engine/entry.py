"""The first entry of a run: when it may happen and what it opens (vocabulary, sections 1-3)."""

from __future__ import annotations

from dataclasses import replace

from strategies.engine.draft import Draft
from strategies.engine.prices import fresh_price
from strategies.engine.program import LegProgram
from strategies.engine.state import LegState
from strategies.engine.strikes import NotListed, select
from strategies.engine.types import Contract, Note, PlanEntry, PlannedLeg, PriceEvent, RunPhase
from strategies.engine.wording import contract_text, seen


def enter(draft: Draft, event: PriceEvent) -> None:
    """Plan the entry when time, pause and prices allow it; say once why not, and end the run when it is too
    late.
    """
    program = draft.program
    if not program.day_allowed:
        draft.end("day_not_selected", f"{program.trading_date:%A} is not one of the strategy's days.")
    elif event.at > program.last_entry_at:
        _too_late(draft)
    elif event.at >= program.entry_at:
        _try_entry(draft, event)


def _too_late(draft: Draft) -> None:
    last = f"{draft.program.last_entry_at:%H:%M}"
    if draft.state.noted:
        draft.end("no_entry", f"No entry was possible until {last}.")
    else:
        draft.end(
            "missed_entry", f"The first price came after the last entry time {last}: nothing was entered."
        )


def _try_entry(draft: Draft, event: PriceEvent) -> None:
    if draft.state.paused:
        draft.note_once("entry_paused", "Entry time has come, but entries are paused.", seen(event))
        return
    if event.spot_paise is None:
        text = f"Waiting: no price of {draft.program.underlying} yet."
        draft.note_once("waiting_price", text, seen(event))
        return
    chosen = select(draft.program, event.chain, event.spot_paise)
    if isinstance(chosen, NotListed):
        draft.decisions.append(Note(chosen.code, chosen.text, seen(event)))
        draft.end(chosen.code, f"Nothing was entered: {chosen.text}")
        return
    _plan(draft, event, chosen)


def _plan(draft: Draft, event: PriceEvent, chosen: tuple[Contract, ...]) -> None:
    """All legs from this one snapshot, or none."""
    planned: list[PlannedLeg] = []
    for leg, contract in zip(draft.program.legs, chosen, strict=True):
        price = fresh_price(event, contract)
        if price is None:
            text = f"Waiting: no price of {contract_text(draft.program, contract)} ({leg.id}) at this moment."
            draft.note_once("waiting_price", text, seen(event, contract=contract.key))
            return
        planned.append(_planned(leg, contract, price))
    cycle = draft.state.cycle + 1
    draft.decisions.append(PlanEntry(cycle, tuple(planned), seen(event)))
    draft.state = replace(
        draft.state,
        phase=RunPhase.ENTERING,
        cycle=cycle,
        deadline=event.at + draft.program.fill_timeout,
        legs=tuple(
            LegState(contract=leg.contract, qty=leg.qty, price_paise=leg.price_paise) for leg in planned
        ),
    )


def _planned(leg: LegProgram, contract: Contract, price: int) -> PlannedLeg:
    return PlannedLeg(leg.id, contract, leg.side, leg.lots, leg.lots * contract.lot_size, price)

"""What must hold for every strategy on every path."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.engine.decide import decide
from strategies.engine.program import Program, compile
from strategies.engine.state import RunState, from_json, initial, to_json
from strategies.engine.types import (
    CancelOrder,
    CloseLeg,
    Command,
    Decision,
    Event,
    ExitReason,
    FillEvent,
    LevelSet,
    OpenLeg,
    OrderDone,
    PriceEvent,
    RunPhase,
    Side,
)
from strategies.engine.waits import waits
from strategies.spec import parse_spec
from tests.unit.strategies.driver import DAY, Run, leg, spec_of
from tests.unit.strategies.worlds import SMALL_CHAIN, paths, specs

#: Each example plays a whole day: fewer of them than usual keep the suite quick.
FEW = settings(max_examples=40, deadline=None)


def program_of(spec: dict[str, Any], day: date = DAY) -> Program:
    return compile(parse_spec(spec), multiplier=1, trading_date=day)


def played(spec: dict[str, Any], path: list[PriceEvent]) -> Run:
    run = Run(program_of(spec), SMALL_CHAIN)
    for event in path:
        play(run, event)
    return run


def play(run: Run, event: PriceEvent) -> list[Decision]:
    run.marks = dict(event.marks)
    return run.feed(event)


@FEW
@given(specs(), paths())
def test_the_run_is_flat_and_over_after_exit_time(spec: dict[str, Any], path: list[PriceEvent]) -> None:
    run = played(spec, path)
    assert run.ended() == "COMPLETED:flat"
    assert [now.open_qty for now in run.state.legs] == [0] * len(spec["legs"])


@FEW
@given(specs(), paths())
def test_each_leg_is_opened_and_closed_once_for_the_same_quantity(
    spec: dict[str, Any], path: list[PriceEvent]
) -> None:
    run = played(spec, path)
    opened = {d.leg_id: (d.qty, d.side) for d in run.log if isinstance(d, OpenLeg)}
    closed = {d.leg_id: (d.qty, d.side.opposite) for d in run.log if isinstance(d, CloseLeg)}
    assert opened == closed
    assert len([d for d in run.log if isinstance(d, OpenLeg | CloseLeg)]) == 2 * len(opened)


@FEW
@given(specs(), paths())
def test_stops_only_tighten(spec: dict[str, Any], path: list[PriceEvent]) -> None:
    run = played(spec, path)
    for rules in run.program.legs:
        of_leg = [d for d in run.log if isinstance(d, LevelSet) and d.leg_id == rules.id and d.kind == "stop"]
        moves = [Decimal(d.level) for d in of_leg]
        assert moves == sorted(moves, reverse=rules.side is Side.SELL)


@FEW
@given(specs(), paths())
def test_an_event_that_closes_never_opens(spec: dict[str, Any], path: list[PriceEvent]) -> None:
    run = Run(program_of(spec), SMALL_CHAIN)
    for event in path:
        kinds = {type(d) for d in play(run, event)}
        assert not {OpenLeg, CloseLeg} <= kinds


@FEW
@given(specs(), paths())
def test_the_same_snapshots_give_the_same_decisions(spec: dict[str, Any], path: list[PriceEvent]) -> None:
    assert played(spec, path).log == played(spec, path).log


@FEW
@given(specs(), paths(), st.integers(0, 16))
def test_a_run_continues_identically_from_its_stored_state(
    spec: dict[str, Any], path: list[PriceEvent], cut: int
) -> None:
    run = Run(program_of(spec), SMALL_CHAIN)
    for number, event in enumerate(path):
        if number == cut:
            stored = json.dumps(to_json(run.state))
            assert from_json(json.loads(stored)) == run.state
            run.state = from_json(json.loads(stored))
        play(run, event)
    assert (run.log, run.state) == ((again := played(spec, path)).log, again.state)


def wakes(program: Program, state: RunState, event: PriceEvent) -> bool:
    now = waits(program, state)
    if now.every_event or (now.next_at is not None and event.at >= now.next_at):
        return True
    bands = ((event.ltp[key], band) for key, band in now.bands.items() if key in event.ltp)
    return any(
        (dn is not None and price <= dn) or (up is not None and price >= up) for price, (dn, up) in bands
    )


@FEW
@given(specs(), paths())
def test_an_event_that_wakes_nothing_changes_nothing(spec: dict[str, Any], path: list[PriceEvent]) -> None:
    run = Run(program_of(spec), SMALL_CHAIN)
    for event in path:
        if not wakes(run.program, run.state, event):
            step = decide(run.program, run.state, event)
            assert step.state is run.state
            assert step.decisions == ()
        play(run, event)


class Venue:
    """Orders in any condition: the data decides what fills, how much, and what is cancelled."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.left: dict[str, int] = {}
        self.cancelled: set[str] = set()

    def feed(self, event: Event) -> None:
        for decision in self.run.step(event).decisions:
            self.check(decision)
            if isinstance(decision, OpenLeg | CloseLeg):
                self.left[decision.order_ref] = decision.qty
            elif isinstance(decision, CancelOrder):
                self.cancelled.add(decision.order_ref)

    def check(self, decision: Decision) -> None:
        """No short opens before every hedge is filled; no long is sold while a leaving short is open."""
        program = self.run.program
        pairs = list(zip(program.legs, self.run.state.legs, strict=True))
        if isinstance(decision, OpenLeg) and decision.side is Side.SELL:
            hedges = [now for rules, now in pairs if rules.side is Side.BUY]
            assert all(now.entry_qty == now.qty for now in hedges)
            bonded = [now for (_, now), shorts in zip(pairs, program.bonds, strict=True) if shorts]
            assert all(now.exit_reason is None for now in bonded)
        if isinstance(decision, CloseLeg) and decision.side is Side.SELL:
            shorts = [now for rules, now in pairs if rules.side is Side.SELL and now.exit_reason is not None]
            assert all(now.settled for now in shorts)

    def answer(self, data: st.DataObject, event: PriceEvent) -> None:
        """One answer to one working order, exits never refused for ever."""
        refs = sorted(self.left)
        if not refs:
            return
        ref = data.draw(st.sampled_from(refs))
        if data.draw(st.booleans()) and (ref in self.cancelled or "-E-" in ref):
            del self.left[ref]
            self.feed(OrderDone(ref, "CANCELLED", "", event.at))
            return
        qty = data.draw(st.integers(1, self.left[ref]))
        self.left[ref] -= qty
        if not self.left[ref]:
            del self.left[ref]
        self.feed(FillEvent(ref, qty, 10000, event.at))


@settings(max_examples=60, deadline=None)
@given(specs(), paths(), st.data())
def test_any_venue_ends_flat_and_hedged(
    spec: dict[str, Any], path: list[PriceEvent], data: st.DataObject
) -> None:
    venue = Venue(Run(program_of(spec), SMALL_CHAIN))
    for event in path:
        venue.feed(event)
        for _ in range(data.draw(st.integers(0, 3))):
            venue.answer(data, event)
    for _ in range(5000):
        if not venue.left:
            break
        venue.answer(data, path[-1])
    assert venue.run.state.phase in (RunPhase.COMPLETED, RunPhase.ERROR)
    assert all(now.open_qty == 0 for now in venue.run.state.legs)


@FEW
@given(specs(), paths(), st.integers(2, 15))
def test_square_off_at_any_moment_ends_flat(spec: dict[str, Any], path: list[PriceEvent], cut: int) -> None:
    run = Run(program_of(spec), SMALL_CHAIN)
    for event in path[:cut]:
        play(run, event)
    run.feed(Command("SQUARE_OFF", ExitReason.KILL_SWITCH, "stop", path[cut - 1].at))
    assert run.ended() == "COMPLETED:flat"


def test_a_new_run_survives_its_json_form() -> None:
    state = initial(program_of(spec_of(leg())))
    assert from_json(to_json(state)) == state

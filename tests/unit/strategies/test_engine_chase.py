"""An exit that rests while its contract trades is sent again at the price of the moment."""

from __future__ import annotations

from strategies.engine.state import from_json, to_json
from strategies.engine.types import PriceEvent, RunPhase
from strategies.engine.waits import waits
from tests.unit.strategies.driver import CE, CHAIN, Run, at, leg
from tests.unit.strategies.test_engine_structure import done, fill, names, silent, square_off


def leaving() -> Run:
    """A short call whose exit was sent and rests."""
    run = silent(leg())
    fill(run, "1-L1-E-1")
    square_off(run)
    return run


def tick(run: Run, clock: str, price: int | None = None) -> list[str]:
    """A snapshot with the call at so many rupees, or not quoted in it; the orders and cancels it sets off."""
    run.seq += 1
    ltp = {} if price is None else {CE: price * 100}
    event = PriceEvent(run.seq, at(clock), 1601000, ltp, ltp, CHAIN)
    return names(list(run.step(event).decisions))


def test_the_first_price_it_misses_is_remembered_only() -> None:
    run = leaving()

    assert tick(run, "09:26", 160) == []

    assert run.state.legs[0].exit is not None
    assert run.state.legs[0].exit.missed_at is not None
    assert from_json(to_json(run.state)) == run.state


def test_the_next_price_cancels_it_and_only_the_cancel_sends_it_again() -> None:
    run = leaving()
    tick(run, "09:26", 160)

    assert tick(run, "09:27", 165) == ["CancelOrder 1-L1-X-1"]
    assert tick(run, "09:28", 166) == []
    assert names(done(run, "1-L1-X-1", clock="09:28:01")) == ["CloseLeg 1-L1-X-2"]


def test_ticks_within_two_seconds_leave_it_alone() -> None:
    run = leaving()
    tick(run, "09:26:00", 160)

    assert tick(run, "09:26:01", 161) == []
    assert tick(run, "09:26:02", 162) == ["CancelOrder 1-L1-X-1"]


def test_a_contract_without_a_price_is_waited_for() -> None:
    run = leaving()

    tick(run, "09:26")
    tick(run, "09:27")

    assert run.state.legs[0].exit is not None
    assert run.state.legs[0].exit.missed_at is None
    assert waits(run.program, run.state).every_event


def test_a_fill_that_crossed_the_cancel_ends_the_run_once() -> None:
    run = leaving()
    tick(run, "09:26", 160)
    tick(run, "09:27", 165)

    assert names(fill(run, "1-L1-X-1", clock="09:27:01")) == []

    assert run.state.phase is RunPhase.COMPLETED

"""Hedges first and filled first, whole or flat, shorts bought back first (strategy vocabulary, section 8)."""

from __future__ import annotations

from strategies.engine.types import (
    CancelOrder,
    CloseLeg,
    Command,
    Decision,
    ExitReason,
    FillEvent,
    OpenLeg,
    OrderDone,
    RunPhase,
)
from strategies.engine.waits import waits
from tests.unit.strategies.driver import Run, at, leg, percent, program_of

CONDOR = (leg(), leg("BUY", offset=2), leg(right="PE"), leg("BUY", right="PE", offset=2))
PRICES = {"ce16000": 100, "ce16100": 40, "pe16000": 90, "pe15900": 35}


def silent(*legs: dict[str, object], **fields: object) -> Run:
    """A run whose venue says nothing by itself; every answer is given by the test."""
    run = Run(program_of(*legs, **fields), fills=lambda order, mark: None)
    run.price("09:20", **PRICES)
    return run


def fill(run: Run, ref: str, qty: int = 50, price: float = 100, clock: str = "09:20:01") -> list[Decision]:
    return list(run.step(FillEvent(ref, qty, round(price * 100), at(clock))).decisions)


def done(run: Run, ref: str, outcome: str = "CANCELLED", clock: str = "09:20:02") -> list[Decision]:
    return list(run.step(OrderDone(ref, outcome, "", at(clock))).decisions)


def names(decisions: list[Decision]) -> list[str]:
    orders = OpenLeg | CloseLeg | CancelOrder
    return [f"{type(d).__name__} {d.order_ref}" for d in decisions if isinstance(d, orders)]


def square_off(run: Run, clock: str = "09:25") -> list[Decision]:
    return list(run.step(Command("SQUARE_OFF", ExitReason.MANUAL, "out", at(clock))).decisions)


def filled_condor() -> Run:
    run = silent(*CONDOR)
    for name in ("L2", "L4", "L1", "L3"):
        fill(run, f"1-{name}-E-1")
    return run


def test_hedges_are_sent_alone() -> None:
    assert silent(*CONDOR).opened() == ["1-L2-E-1", "1-L4-E-1"]


def test_shorts_wait_until_every_hedge_is_filled_completely() -> None:
    run = silent(*CONDOR)
    assert names(fill(run, "1-L2-E-1")) == []
    assert names(fill(run, "1-L4-E-1", qty=25)) == []
    assert names(fill(run, "1-L4-E-1", qty=25)) == ["OpenLeg 1-L1-E-1", "OpenLeg 1-L3-E-1"]


def test_the_run_runs_when_everything_is_filled() -> None:
    assert filled_condor().state.phase is RunPhase.RUNNING


def test_exits_buy_back_shorts_first_and_sell_longs_when_those_are_flat() -> None:
    run = filled_condor()
    assert names(square_off(run)) == ["CloseLeg 1-L1-X-1", "CloseLeg 1-L3-X-1"]
    assert names(fill(run, "1-L1-X-1")) == []
    assert names(fill(run, "1-L3-X-1", qty=49)) == []
    assert names(fill(run, "1-L3-X-1", qty=1)) == ["CloseLeg 1-L2-X-1", "CloseLeg 1-L4-X-1"]
    fill(run, "1-L2-X-1")
    fill(run, "1-L4-X-1")
    assert run.ended() == "COMPLETED:flat"


def test_a_rejected_hedge_sends_no_short_and_undoes_the_other_hedge() -> None:
    run = silent(*CONDOR)
    fill(run, "1-L2-E-1")
    assert names(done(run, "1-L4-E-1", "REJECTED")) == ["CloseLeg 1-L2-X-1"]
    fill(run, "1-L2-X-1")
    assert (run.closed(), run.ended()) == ({"L2": "UNWIND"}, "ERROR:unwound")


def test_a_rejected_short_closes_what_filled_shorts_first() -> None:
    run = silent(*CONDOR)
    fill(run, "1-L2-E-1")
    fill(run, "1-L4-E-1")
    fill(run, "1-L1-E-1")
    assert names(done(run, "1-L3-E-1", "REJECTED")) == ["CloseLeg 1-L1-X-1"]
    assert names(fill(run, "1-L1-X-1")) == ["CloseLeg 1-L2-X-1", "CloseLeg 1-L4-X-1"]


def test_an_entry_that_is_not_complete_in_time_is_undone() -> None:
    run = silent(*CONDOR)
    fill(run, "1-L2-E-1")
    assert run.price("09:20:09", **PRICES) == []
    decisions = run.price("09:20:10", **PRICES)
    assert names(decisions) == ["CancelOrder 1-L4-E-1", "CloseLeg 1-L2-X-1"]
    assert run.notes() == ["fill_timeout"]


def test_fills_that_arrive_during_a_cancel_are_closed_too() -> None:
    run = silent(leg())
    run.price("09:20:10")
    assert names(fill(run, "1-L1-E-1", qty=20)) == ["CloseLeg 1-L1-X-1"]
    assert names(done(run, "1-L1-E-1")) == []
    fill(run, "1-L1-X-1", qty=20)
    assert run.ended() == "ERROR:unwound"


def test_an_exit_during_entry_cancels_first_and_closes_the_filled_quantity() -> None:
    run = silent(leg())
    fill(run, "1-L1-E-1", qty=20)
    decisions = square_off(run, "09:20:05")
    assert names(decisions) == ["CancelOrder 1-L1-E-1", "CloseLeg 1-L1-X-1"]
    assert decisions[1].qty == 20  # type: ignore[union-attr]
    assert names(fill(run, "1-L1-E-1", qty=10)) == []
    assert names(fill(run, "1-L1-X-1", qty=20)) == ["CloseLeg 1-L1-X-2"]
    fill(run, "1-L1-X-2", qty=10)
    assert run.ended() is None  # the entry is not known to be dead yet
    done(run, "1-L1-E-1")
    assert run.ended() == "COMPLETED:flat"


def test_square_off_before_the_shorts_are_sent_never_sends_them() -> None:
    run = silent(*CONDOR)
    fill(run, "1-L2-E-1")
    assert names(square_off(run, "09:20:05")) == ["CancelOrder 1-L4-E-1", "CloseLeg 1-L2-X-1"]
    assert names(fill(run, "1-L4-E-1", qty=50)) == ["CloseLeg 1-L4-X-1"]


def test_longs_wait_for_the_cancelled_entry_of_a_short() -> None:
    run = silent(leg(), leg("BUY", offset=2))
    fill(run, "1-L2-E-1")
    assert names(square_off(run, "09:20:05")) == ["CancelOrder 1-L1-E-1"]
    assert names(done(run, "1-L1-E-1")) == ["CloseLeg 1-L2-X-1"]


def test_an_exit_that_ends_unfilled_is_sent_again_for_the_rest() -> None:
    run = silent(leg())
    fill(run, "1-L1-E-1")
    square_off(run)
    fill(run, "1-L1-X-1", qty=20)
    (again,) = done(run, "1-L1-X-1", "CANCELLED")
    assert isinstance(again, CloseLeg)
    assert (again.order_ref, again.qty, again.reason) == ("1-L1-X-2", 30, ExitReason.MANUAL)


def test_a_rejected_exit_is_sent_again_with_the_next_prices_only() -> None:
    run = silent(leg())
    fill(run, "1-L1-E-1")
    square_off(run)
    assert done(run, "1-L1-X-1", "REJECTED") == []
    assert waits(run.program, run.state).every_event
    assert names(list(run.price("09:26", **PRICES))) == ["CloseLeg 1-L1-X-2"]
    assert names(list(run.price("09:27", **PRICES))) == []


def test_news_about_a_dead_order_changes_nothing() -> None:
    run = silent(leg())
    fill(run, "1-L1-E-1")
    square_off(run)
    done(run, "1-L1-X-1", "REJECTED")
    assert done(run, "1-L1-X-1", "REJECTED") == []


def test_a_late_fill_of_a_dead_exit_shrinks_the_working_one() -> None:
    run = silent(leg())
    fill(run, "1-L1-E-1")
    square_off(run)
    done(run, "1-L1-X-1")
    assert names(fill(run, "1-L1-X-1", qty=20)) == ["CancelOrder 1-L1-X-2"]
    assert names(done(run, "1-L1-X-2")) == ["CloseLeg 1-L1-X-3"]


def test_closing_more_than_was_open_ends_in_error() -> None:
    run = silent(leg())
    fill(run, "1-L1-E-1")
    square_off(run)
    done(run, "1-L1-X-1")
    fill(run, "1-L1-X-1", qty=20)
    fill(run, "1-L1-X-2", qty=50)
    assert run.ended() == "ERROR:overfilled"


def test_a_fill_after_the_end_is_closed() -> None:
    run = silent(leg())
    done(run, "1-L1-E-1", "REJECTED")
    assert run.ended() == "ERROR:unwound"
    assert names(fill(run, "1-L1-E-1")) == ["CloseLeg 1-L1-X-1"]
    assert "late_fill" in run.notes()


def test_exit_time_during_entry_is_no_error() -> None:
    run = silent(leg(), entry_time="15:14", last_entry_time="15:14", fill_timeout_s=300)
    run.price("15:14", **PRICES)
    fill(run, "1-L1-E-1", qty=20, clock="15:14:01")
    run.price("15:15", **PRICES)
    done(run, "1-L1-E-1", clock="15:15:01")
    fill(run, "1-L1-X-1", qty=20, clock="15:15:01")
    assert (run.closed(), run.ended()) == ({"L1": "EXIT_TIME"}, "COMPLETED:flat")


def test_a_leg_that_stops_before_it_filled_breaks_the_entry() -> None:
    run = silent(leg(stop=percent(25)), leg(right="PE"))
    fill(run, "1-L1-E-1", qty=20)
    fill(run, "1-L2-E-1")
    decisions = run.price("09:20:05", ce16000=130)
    assert names(decisions) == ["CancelOrder 1-L1-E-1", "CloseLeg 1-L1-X-1", "CloseLeg 1-L2-X-1"]
    assert run.closed() == {"L1": "LEG_SL", "L2": "UNWIND"}


def test_a_hedge_that_stops_before_the_shorts_are_sent_undoes_the_entry() -> None:
    wing = leg("BUY", offset=2, stop=percent(25))
    run = silent(leg(), wing, leg(right="PE"), leg("BUY", right="PE", offset=2))
    fill(run, "1-L2-E-1", price=40)
    decisions = run.price("09:20:05", ce16100=30)
    assert names(decisions) == ["CancelOrder 1-L4-E-1", "CloseLeg 1-L2-X-1"]
    assert names(fill(run, "1-L4-E-1", price=35)) == ["CloseLeg 1-L4-X-1"]
    assert run.opened() == ["1-L2-E-1", "1-L4-E-1"]


def test_a_hedge_that_stops_takes_its_short_with_it() -> None:
    run = silent(leg(), leg("BUY", offset=2, stop=percent(25)), leg(right="PE"))
    for name in ("L2", "L1", "L3"):
        fill(run, f"1-{name}-E-1", price=40)
    assert names(run.price("10:00", ce16000=80, ce16100=30)) == ["CloseLeg 1-L1-X-1"]
    assert names(fill(run, "1-L1-X-1")) == ["CloseLeg 1-L2-X-1"]
    assert run.closed() == {"L1": "SQUARE_OFF_COMPLETE", "L2": "LEG_SL"}
    assert run.state.legs[2].watched


def test_a_long_that_covers_nothing_leaves_alone() -> None:
    run = silent(leg(right="PE"), leg("BUY", offset=2, stop=percent(25)))
    fill(run, "1-L2-E-1", price=40)
    fill(run, "1-L1-E-1", price=90)
    assert names(run.price("10:00", ce16100=30)) == ["CloseLeg 1-L2-X-1"]


def test_pause_during_entry_lets_the_structure_become_whole() -> None:
    run = silent(*CONDOR)
    run.step(Command("PAUSE", ExitReason.MANUAL, "pause", at("09:20:01")))
    fill(run, "1-L2-E-1")
    assert names(fill(run, "1-L4-E-1")) == ["OpenLeg 1-L1-E-1", "OpenLeg 1-L3-E-1"]


def test_leg_names_with_dashes_keep_their_orders_apart() -> None:
    run = silent(leg(id="a-E-1"), leg(id="a", right="PE"))
    fill(run, "1-a-E-1-E-1")
    assert [now.entry_qty for now in run.state.legs] == [50, 0]

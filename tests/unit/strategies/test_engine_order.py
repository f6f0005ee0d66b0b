"""The order of evaluation (strategy vocabulary, section 0): who wins when one event hits several rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from strategies.engine.decide import decide
from strategies.engine.types import Command, ExitReason, PriceEvent
from tests.unit.strategies.driver import CE, CHAIN, PE, at, entered, leg, percent, points, step_trail


def rupees(value: float) -> dict[str, object]:
    return {"unit": "RUPEES", "value": value}


BOTH = (leg(stop=percent(25), target=percent(50)), leg(right="PE", stop=percent(25), target=percent(50)))


@pytest.mark.parametrize(
    ("clock", "ce", "pe", "fields", "reasons"),
    [
        ("10:00", 124, 100, {}, [None, None]),
        ("10:00", 125, 100, {}, ["LEG_SL", None]),
        ("10:00", 100, 50, {}, [None, "LEG_TARGET"]),
        ("10:00", 125, 125, {}, ["LEG_SL", "LEG_SL"]),
        ("10:00", 125, 50, {}, ["LEG_SL", "LEG_TARGET"]),
        ("10:00", 125, 100, {"square_off": "COMPLETE"}, ["LEG_SL", "SQUARE_OFF_COMPLETE"]),
        ("10:00", 100, 50, {"square_off": "COMPLETE"}, ["SQUARE_OFF_COMPLETE", "LEG_TARGET"]),
        ("10:00", 125, 125, {"square_off": "COMPLETE"}, ["LEG_SL", "SQUARE_OFF_COMPLETE"]),
        ("10:00", 125, 100, {"overall_stop": rupees(1250)}, ["OVERALL_SL", "OVERALL_SL"]),
        ("10:00", 125, 100, {"overall_stop": rupees(1250.01)}, ["LEG_SL", None]),
        ("10:00", 100, 50, {"overall_target": rupees(2500)}, ["OVERALL_TARGET", "OVERALL_TARGET"]),
        ("10:00", 100, 50, {"overall_target": rupees(2500.01)}, [None, "LEG_TARGET"]),
        ("15:15", 125, 100, {"overall_stop": rupees(1250)}, ["EXIT_TIME", "EXIT_TIME"]),
        ("15:15", 125, 125, {"square_off": "COMPLETE"}, ["EXIT_TIME", "EXIT_TIME"]),
    ],
)
def test_who_wins(
    clock: str, ce: float, pe: float, fields: dict[str, object], reasons: list[str | None]
) -> None:
    run = entered(*BOTH, **fields)
    run.price(clock, ce16000=ce, pe16000=pe)
    assert [run.closed().get(name) for name in ("L1", "L2")] == reasons


def test_stop_beats_target_in_the_same_event() -> None:
    # One price cannot pass both levels of a real spec, so the target is put where the stop is.
    run = entered(leg("BUY", stop=points(1), target=points(1)))
    run.state = run.state.with_leg(0, replace(run.state.legs[0], target=run.state.legs[0].stop))
    run.price("09:21", ce16000=99)
    assert run.closed() == {"L1": "LEG_SL"}


def test_complete_gives_the_reason_to_the_first_leg_in_spec_order() -> None:
    run = entered(leg(right="PE", stop=percent(25)), leg(stop=percent(25)), square_off="COMPLETE")
    run.price("10:00", ce16000=125, pe16000=125)
    assert run.closed() == {"L1": "LEG_SL", "L2": "SQUARE_OFF_COMPLETE"}


def test_a_ratchet_comes_after_the_exits_of_its_event() -> None:
    run = entered(leg("BUY", stop=points(20), trail=step_trail(10, 10)), leg(right="PE", stop=percent(25)))
    run.price("09:21", ce16000=130, pe16000=125)
    assert (run.closed(), run.levels()[-1]) == ({"L2": "LEG_SL"}, "110.00")


def test_a_leg_that_leaves_is_not_trailed() -> None:
    run = entered(leg("BUY", stop=points(20), target=points(30), trail=step_trail(10, 10)))
    run.price("09:21", ce16000=130)
    assert (run.closed(), run.levels()) == ({"L1": "LEG_TARGET"}, ["80.00"])


def test_overall_rules_need_one_fresh_price_of_an_open_leg() -> None:
    run = entered(*BOTH, overall_stop=rupees(1000))
    run.marks |= {CE: 12400}
    assert run.price("09:21", ce17000=5) == []
    run.price("09:22", pe16000=100)
    assert run.closed() == {"L1": "OVERALL_SL", "L2": "OVERALL_SL"}


def test_realised_results_stay_in_the_overall_stop() -> None:
    run = entered(*BOTH, overall_stop=rupees(1300))
    run.price("09:21", ce16000=125, pe16000=100)  # -1250 realised
    run.price("09:22", pe16000=101)
    assert run.closed() == {"L1": "LEG_SL", "L2": "OVERALL_SL"}


def test_exit_time_needs_no_price() -> None:
    run = entered(leg())
    run.marks.clear()
    step = run.step(PriceEvent(2, at("15:15"), None, {}, {}, CHAIN))
    assert [(d.reason, d.price_paise) for d in step.decisions] == [(ExitReason.EXIT_TIME, None)]  # type: ignore[union-attr]


def test_square_off_closes_with_the_reason_of_the_command() -> None:
    run = entered(*BOTH)
    run.feed(Command("SQUARE_OFF", ExitReason.KILL_SWITCH, "Kill switch: platform", at("10:00")))
    assert (run.closed(), run.ended()) == ({"L1": "KILL_SWITCH", "L2": "KILL_SWITCH"}, "COMPLETED:flat")


def test_a_decided_exit_is_never_withdrawn() -> None:
    run = entered(leg(stop=percent(25)))
    run.fills = lambda order, mark: None
    run.price("10:00", ce16000=130)
    run.price("10:01", ce16000=90)
    run.feed(Command("SQUARE_OFF", ExitReason.MANUAL, "out", at("10:02")))
    assert run.closed() == {"L1": "LEG_SL"}


def test_the_same_event_gives_the_same_answer() -> None:
    run = entered(*BOTH)
    event = PriceEvent(9, at("10:00"), 1600000, {CE: 12500, PE: 5000}, {CE: 12500, PE: 5000}, CHAIN)
    assert decide(run.program, run.state, event) == decide(run.program, run.state, event)


def test_partial_runs_go_on_and_end_when_the_last_leg_is_out() -> None:
    run = entered(*BOTH)
    run.price("10:00", ce16000=125, pe16000=100)
    assert run.ended() is None
    run.price("10:01", pe16000=50)
    assert run.ended() == "COMPLETED:flat"

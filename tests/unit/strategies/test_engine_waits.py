"""The bands and instants a run publishes: exact whole paise, nothing narrower and nothing wider."""

from __future__ import annotations

import pytest

from strategies.engine.types import Waits
from strategies.engine.waits import waits
from tests.unit.strategies.driver import (
    CE,
    PE,
    Run,
    at,
    entered,
    leg,
    percent,
    points,
    program_of,
    step_trail,
)


def waits_of(run: Run) -> Waits:
    return waits(run.program, run.state)


def test_an_armed_run_waits_for_its_entry_time() -> None:
    assert waits_of(Run(program_of(leg()))) == Waits({}, at("09:20"), every_event=False)


def test_a_run_on_a_wrong_day_ends_at_the_next_event() -> None:
    assert waits_of(Run(program_of(leg(), days=["MON"]))).every_event is True


def test_an_entering_run_waits_for_its_deadline() -> None:
    run = Run(program_of(leg()), fills=lambda order, mark: None)
    run.price("09:20", ce16000=100)
    assert waits_of(run) == Waits({}, at("09:20:10"), every_event=False)


def test_a_short_waits_for_stop_above_and_the_nearer_of_target_and_step_below() -> None:
    run = entered(leg(stop=percent(25), target=points(30), trail=step_trail(10, 5)))
    assert waits_of(run) == Waits({CE: (9000, 12500)}, at("15:15"), every_event=False)
    run.price("09:21", ce16000=75)
    assert waits_of(run).bands == {CE: (7000, 11500)}


def test_a_long_waits_for_stop_below_and_the_nearer_of_target_and_step_above() -> None:
    run = entered(leg("BUY", stop=points(20), target=points(30), trail=step_trail(40, 5)))
    assert waits_of(run).bands == {CE: (8000, 13000)}


@pytest.mark.parametrize("side", ["SELL", "BUY"])
def test_levels_between_two_paise_wake_on_the_first_price_beyond(side: str) -> None:
    # 10 % of 100.05 are levels of 90.045 and 110.055: no whole paisa inside the band reaches them.
    run = entered(leg(side, stop=percent(10), target=percent(10)), ce=100.05)
    assert waits_of(run).bands == {CE: (9004, 11006)}


def test_two_legs_on_one_contract_share_the_narrower_band() -> None:
    run = entered(leg(stop=percent(25), target=points(50)), leg(stop=percent(20), target=points(60)))
    assert waits_of(run).bands == {CE: (5000, 12000)}


def test_overall_rules_make_every_event_count() -> None:
    run = entered(leg(), overall_stop={"unit": "RUPEES", "value": 1000})
    assert waits_of(run) == Waits({}, at("15:15"), every_event=True)


def test_a_leg_that_left_and_a_leg_without_rules_wait_for_no_price() -> None:
    run = entered(leg(stop=percent(25)), leg(right="PE"))
    run.price("09:21", ce16000=130)
    assert waits_of(run) == Waits({}, at("15:15"), every_event=False)
    assert PE not in waits_of(run).bands


def test_a_run_that_is_over_waits_for_nothing() -> None:
    run = entered(leg())
    run.price("15:15", ce16000=90)
    assert waits_of(run) == Waits({}, None, every_event=False)

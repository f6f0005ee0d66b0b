"""Stops, targets and trails: the worked examples of the strategy vocabulary, section 4."""

from __future__ import annotations

import pytest

from strategies.engine.types import CloseLeg, FillEvent, LevelSet, Note
from tests.unit.strategies.driver import Run, at, entered, leg, percent, points, program_of, step_trail


def test_a_short_sold_at_100_with_25_percent_stops_at_125() -> None:
    run = entered(leg(stop=percent(25)))
    assert run.levels() == ["125.00"]


@pytest.mark.parametrize(
    ("side", "stop", "level"),
    [
        ("SELL", percent(25), "125.00"),
        ("BUY", percent(25), "75.00"),
        ("SELL", points(20), "120.00"),
        ("BUY", points(20), "80.00"),
        ("SELL", percent("12.5"), "112.50"),
        ("SELL", points("0.05"), "100.05"),
        ("SELL", percent("0.0001"), "100.0001"),
    ],
)
def test_stop_levels(side: str, stop: dict[str, object], level: str) -> None:
    assert entered(leg(side, stop=stop)).levels() == [level]


@pytest.mark.parametrize(
    ("side", "target", "level"),
    [("SELL", percent(40), "60.00"), ("BUY", percent(40), "140.00"), ("SELL", points(30), "70.00")],
)
def test_target_levels(side: str, target: dict[str, object], level: str) -> None:
    assert entered(leg(side, target=target)).levels("target") == [level]


def test_bought_at_100_stop_20_trail_10_5_peak_27_moves_the_stop_to_90() -> None:
    run = entered(leg("BUY", stop=points(20), trail=step_trail(10, 5)))
    run.price("09:21", ce16000=127)
    assert run.levels() == ["80.00", "90.00"]


def test_sold_at_200_stop_25_percent_trail_20_15_low_155_moves_the_stop_to_220() -> None:
    run = entered(leg(stop=percent(25), trail=step_trail(20, 15)), ce=200)
    run.price("09:21", ce16000=155)
    assert run.levels() == ["250.00", "220.00"]


def test_percent_trail_counts_in_percent_of_entry() -> None:
    run = entered(leg(stop=percent(25), trail=step_trail(10, 10, "PCT")), ce=200)
    run.price("09:21", ce16000=160)
    assert run.levels() == ["250.00", "210.00"]


def test_trail_never_loosens() -> None:
    run = entered(leg(stop=points(20), trail=step_trail(10, 5)))
    run.price("09:21", ce16000=75)
    run.price("09:22", ce16000=95)
    run.price("09:23", ce16000=79)
    assert run.levels() == ["120.00", "110.00"]


def test_a_moved_stop_is_reported_as_trail() -> None:
    run = entered(leg(stop=points(20), trail=step_trail(10, 5)))
    run.price("09:21", ce16000=75)
    run.price("09:22", ce16000=110)
    assert run.closed() == {"L1": "LEG_TRAIL"}


def test_an_unmoved_stop_is_reported_as_stop() -> None:
    run = entered(leg(stop=points(20), trail=step_trail(10, 5)))
    run.price("09:22", ce16000=120)
    assert run.closed() == {"L1": "LEG_SL"}


@pytest.mark.parametrize(
    ("price", "closed"), [(124.95, {}), (125, {"L1": "LEG_SL"}), (125.05, {"L1": "LEG_SL"})]
)
def test_a_stop_is_hit_inclusively(price: float, closed: dict[str, str]) -> None:
    run = entered(leg(stop=percent(25)))
    run.price("09:21", ce16000=price)
    assert run.closed() == closed


@pytest.mark.parametrize(("price", "closed"), [(80.05, {}), (80, {"L1": "LEG_TARGET"})])
def test_a_target_is_hit_inclusively(price: float, closed: dict[str, str]) -> None:
    run = entered(leg(target=points(20)))
    run.price("09:21", ce16000=price)
    assert run.closed() == closed


def test_levels_are_exact_and_never_rounded_to_a_tick() -> None:
    run = entered(leg(stop=percent(10)), ce=100.05)
    run.price("09:21", ce16000=110.05)
    assert run.closed() == {}
    run.price("09:22", ce16000=110.10)
    assert (run.levels(), run.closed()) == (["110.055"], {"L1": "LEG_SL"})


def test_the_exit_text_says_what_happened() -> None:
    run = entered(leg(stop=percent(24)), ce=250)
    (exit_order,) = [d for d in run.price("09:21", ce16000=312.5) if isinstance(d, CloseLeg)]
    assert exit_order.text == "Stop hit: NIFTY 16000 CE at 312.50, stop 310.00"
    assert exit_order.inputs["level"] == "310.00"
    assert exit_order.inputs["price_paise"] == 31250


def test_a_points_stop_below_zero_becomes_one_tick_and_is_noted() -> None:
    run = entered(leg("BUY", stop=points(20)), ce=12)
    assert (run.levels(), run.notes()) == (["0.05"], ["stop_at_one_tick"])


def test_a_points_target_below_zero_becomes_one_tick_and_is_noted() -> None:
    run = entered(leg(target=points(20)), ce=12)
    assert (run.levels("target"), run.notes()) == (["0.05"], ["target_at_one_tick"])


def test_the_trail_of_a_one_tick_stop_counts_from_the_configured_distance() -> None:
    run = entered(leg("BUY", stop=points(20), trail=step_trail(10, 5)), ce=10)
    run.price("09:21", ce16000=20)  # -10 + 5: still below zero, so nothing moves
    run.price("09:22", ce16000=50)  # -10 + 20
    assert run.levels() == ["0.05", "10.00"]


def test_a_carried_price_triggers_nothing() -> None:
    run = entered(leg(stop=percent(25)))
    run.marks[160000] = 20000
    run.price("09:21", pe16000=90)
    assert run.closed() == {}


def test_levels_follow_the_average_of_partial_fills() -> None:
    run = Run(program_of(leg(stop=percent(25)), fill_timeout_s=60), fills=lambda order, mark: None)
    run.price("09:20", ce16000=100)
    run.feed(FillEvent("1-L1-E-1", 20, 10000, at("09:20:01")))
    run.feed(FillEvent("1-L1-E-1", 30, 10100, at("09:20:02")))
    assert run.levels() == ["125.00", "125.75"]


def test_an_event_that_moves_a_level_does_not_act_on_it() -> None:
    run = entered(leg("BUY", stop=points(20), trail=step_trail(10, 10)))
    decisions = run.price("09:21", ce16000=110)
    assert [type(d) for d in decisions] == [LevelSet]


def test_no_price_rule_runs_on_a_fill() -> None:
    run = entered(leg(stop=percent(25)))
    step = run.step(FillEvent("9-L9-E-1", 50, 99999, at("09:21")))
    assert [type(d) for d in step.decisions] == [Note]
    assert run.closed() == {}

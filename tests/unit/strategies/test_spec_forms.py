"""The canonical form, the published schema, and the plain words of a specification."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from strategies.engine.types import Command, ExitReason
from strategies.spec import (
    describe,
    next_action,
    parse_spec,
    parse_spec_text,
    risk_summary,
    spec_hash,
    spec_schema,
    spec_to_json,
)
from tests.unit.strategies.driver import (
    Run,
    at,
    entered,
    leg,
    percent,
    points,
    program_of,
    spec_of,
    step_trail,
)
from tests.unit.strategies.worlds import specs

SCHEMA = Draft202012Validator(spec_schema())


@given(specs())
def test_the_canonical_form_means_the_same(data: dict[str, Any]) -> None:
    spec = parse_spec(data)
    assert parse_spec(spec_to_json(spec)) == spec
    assert parse_spec_text(json.dumps(data)) == spec


@given(specs())
def test_valid_specs_and_their_canonical_forms_satisfy_the_schema(data: dict[str, Any]) -> None:
    assert list(SCHEMA.iter_errors(data)) == []
    assert list(SCHEMA.iter_errors(spec_to_json(parse_spec(data)))) == []


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(spec_schema())


@pytest.mark.parametrize(
    "data",
    [
        {},
        spec_of(),
        spec_of(leg(), entry_time="9:20"),
        spec_of(leg(), roll={}),
        spec_of(leg(trail=step_trail(2, 1))),
        spec_of(leg(strike_by={"method": "EXACT", "offset": 1})),
        spec_of(leg(right="FUT")),
        spec_of(leg(lots=0)),
    ],
)
def test_the_schema_refuses_wrong_shapes(data: dict[str, Any]) -> None:
    assert not SCHEMA.is_valid(data)


def test_the_hash_is_that_of_the_meaning() -> None:
    short = parse_spec(spec_of(leg(stop=percent(25))))
    long = parse_spec(
        spec_of(
            leg(id="L1", stop=percent("25.00")),
            entry_time="09:20:00",
            days=["FRI", "MON", "TUE", "WED", "THU"],
        )
    )
    assert spec_hash(short) == spec_hash(long)
    assert spec_hash(short) != spec_hash(parse_spec(spec_of(leg(stop=percent("25.01")))))


def test_the_hash_of_a_known_spec_never_changes() -> None:
    assert (
        spec_hash(parse_spec(spec_of(leg())))
        == "9b57af187b8c3ce28da4fe34a8bf91d172e5d142ddc75f68f70a016440aabd02"
    )


def test_describe_tells_the_whole_strategy() -> None:
    rules = {"stop": percent(25), "target": percent(50), "trail": step_trail(10, 5)}
    overall = {
        "overall_stop": {"unit": "RUPEES", "value": 250000},
        "overall_target": {"unit": "RUPEES", "value": "4000.50"},
    }
    data = spec_of(
        leg(**rules), leg("BUY", "PE", 2, lots=3), square_off="COMPLETE", days=["MON", "FRI"], **overall
    )
    assert describe(parse_spec(data)) == [
        "Enter NIFTY weekly options at 09:20 on Mon, Fri, not later than 15:14.",
        "Sell 1 lot of the ATM CE (L1), stop 25 % above the entry price, target 50 % below it, "
        "the stop moves 5 points for every 10 points in favour.",
        "Buy 3 lots of the OTM2 PE (L2).",
        "When one leg hits its stop or target, every leg is closed.",
        "Close everything when the loss reaches ₹2,50,000.",
        "Close everything when the profit reaches ₹4,000.50.",
        "Exit whatever is open at 15:15.",
    ]


def test_next_action_follows_the_run() -> None:
    spec = parse_spec(spec_of(leg(stop=percent(25)), leg(right="PE", stop=percent(25), target=points(40))))
    run = entered(leg(stop=percent(25)), leg(right="PE", stop=percent(25), target=points(40)))
    assert next_action(spec, None) == "Enter at 09:20"
    assert next_action(spec, run.state) == "Exit 15:15, stop at 25 % or target at 40 points"
    run.price("09:30", pe16000=130)
    assert next_action(spec, run.state) == "Exit 15:15 or stop at 25 %"
    run.price("15:15", ce16000=100)
    assert next_action(spec, run.state) == "Done for the day"


def test_next_action_of_a_paused_run() -> None:
    run = Run(program_of(leg()))
    run.feed(Command("PAUSE", ExitReason.MANUAL, "pause", at("09:16")))
    assert next_action(parse_spec(spec_of(leg())), run.state) == "Paused: no entry until you resume"


@pytest.mark.parametrize(
    ("legs", "naked"),
    [
        ([leg()], True),
        ([leg("BUY")], False),
        ([leg(), leg("BUY", offset=2)], False),
        ([leg(), leg("BUY", "PE", 2)], True),
        ([leg(lots=2), leg("BUY", offset=2)], True),
    ],
)
def test_naked_shorts_are_seen(legs: list[dict[str, Any]], naked: bool) -> None:
    assert risk_summary(parse_spec(spec_of(*legs))).naked_short is naked


def test_open_lots_are_the_sum_over_legs_times_the_multiplier() -> None:
    summary = risk_summary(parse_spec(spec_of(leg(lots=2), leg("BUY", offset=2, lots=3))), multiplier=4)
    assert (summary.legs, summary.lots) == (2, 20)

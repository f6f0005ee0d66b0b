"""Reading a specification: shapes, defaults, and every validation rule that version 1 covers."""

from __future__ import annotations

import json
from datetime import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from qlplatform.core.errors import UserError
from strategies.engine.types import Right, Side
from strategies.spec import SpecInvalid, parse_spec, parse_spec_text
from strategies.spec.model import AtmOffset, Day, Distance, DistanceType, ExactStrike, Product, SquareOff
from tests.unit.strategies.driver import leg, percent, points, spec_of, step_trail

STRADDLE = """
{"name": "0920 straddle", "underlying": "NIFTY", "expiry_by": "WEEKLY",
 "entry_time": "09:20", "exit_time": "15:15",
 "legs": [{"side": "SELL", "right": "CE", "lots": 1, "strike_by": {"method": "ATM_OFFSET", "offset": 0},
           "stop": {"type": "PREMIUM_PCT", "value": 25}},
          {"side": "SELL", "right": "PE", "lots": 1, "strike_by": {"method": "ATM_OFFSET", "offset": 0},
           "stop": {"type": "PREMIUM_PCT", "value": 25}}]}
"""


def found(data: Any) -> list[tuple[str, str]]:
    with pytest.raises(SpecInvalid) as caught:
        parse_spec(data)
    return [(error.pointer, error.code) for error in caught.value.errors]


def found_in_text(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(SpecInvalid) as caught:
        parse_spec_text(text)
    return [(error.pointer, error.code) for error in caught.value.errors]


def test_the_straddle_of_the_documentation_is_accepted_as_it_stands() -> None:
    spec = parse_spec_text(STRADDLE)
    assert [(x.id, x.side, x.right, x.lots, x.strike_by) for x in spec.legs] == [
        ("L1", Side.SELL, Right.CE, 1, AtmOffset(0)),
        ("L2", Side.SELL, Right.PE, 1, AtmOffset(0)),
    ]
    assert spec.legs[0].stop == Distance(DistanceType.PREMIUM_PCT, Fraction(25))


def test_defaults() -> None:
    spec = parse_spec(spec_of(leg()))
    assert (spec.product, spec.square_off, spec.fill_timeout_s) == (Product.MIS, SquareOff.PARTIAL, 10)
    assert (spec.last_entry_time, spec.protection_pct) == (time(15, 14), Fraction(2))
    assert spec.days == (Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI)
    assert (spec.overall_stop_paise, spec.overall_target_paise) == (None, None)


def test_every_field_may_be_written_out() -> None:
    spec = parse_spec(
        spec_of(
            leg("BUY", id="wing", strike_by={"method": "EXACT", "value": "16000.50"}, stop=points(5)),
            entry_time="09:20:30", last_entry_time="10:00", days=["FRI", "MON"], product="NRML",
            square_off="COMPLETE", overall_stop={"unit": "RUPEES", "value": "2500.50"},
            overall_target={"unit": "RUPEES", "value": 3000}, expiry_by={"method": "WEEKLY"},
            policy="ALL_OR_UNWIND",
            cycle_limit=1, mtm={"scope": "CYCLE", "basis": "GROSS"}, fill_timeout_s=30, protection_pct=1.5,
            stop_placement="ON_TRIGGER", trade_type="INTRADAY", price_basis="FILL",
            underlying_price_from="SPOT",
        )
    )  # fmt: skip
    assert (spec.overall_stop_paise, spec.overall_target_paise) == (250050, 300000)
    assert (spec.legs[0].id, spec.legs[0].strike_by) == ("wing", ExactStrike(1600050))
    assert (spec.days, spec.entry_time) == ((Day.MON, Day.FRI), time(9, 20, 30))
    assert spec.protection_pct == Fraction(3, 2)


@pytest.mark.parametrize("value", [0.1, "0.1", Decimal("0.1"), "0.10"])
def test_numbers_are_taken_exactly_as_written(value: Any) -> None:
    stop = parse_spec(spec_of(leg(stop=percent(value)))).legs[0].stop
    assert stop is not None
    assert stop.value == Fraction(1, 10)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0, "range"), (-1, "range"), ("0", "range"), (1e9, "range"), ("1.23456", "precision"), (True, "type"),
        (None, "type"), ("", "type"), ("abc", "type"), ("1e3", "type"), ("+5", "type"), ("٣", "type"),
        ([], "type"),
        (float("nan"), "type"), (float("inf"), "type"), (Decimal("NaN"), "type"), (10**400, "type"),
        (1e300, "type"), (Decimal("1E-1000000"), "type"), ({}, "type"), ("5\n", "type"),
    ],
)  # fmt: skip
def test_numbers_that_are_refused(value: Any, code: str) -> None:
    assert found(spec_of(leg(stop=points(value)))) == [("/legs/0/stop/value", code)]


@pytest.mark.parametrize(
    "clock", ["9:20", "24:00", "09:60", "0920", "", "09:20:60", 920, None, "09:20 ", "０９:20"]
)
def test_times_that_are_refused(clock: Any) -> None:
    assert found(spec_of(leg(), entry_time=clock)) == [("/entry_time", "format")]


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"exit_time": "09:20"}, ("/exit_time", "exit_before_entry")),
        ({"exit_time": "09:19"}, ("/exit_time", "exit_before_entry")),
        ({"exit_time": "15:31"}, ("/exit_time", "exit_after_close")),
        ({"last_entry_time": "15:15"}, ("/last_entry_time", "last_entry_outside")),
        ({"last_entry_time": "09:19"}, ("/last_entry_time", "last_entry_outside")),
        ({"days": []}, ("/days", "type")),
        ({"days": ["MON", "MON"]}, ("/days", "duplicate")),
        ({"days": ["MONDAY"]}, ("/days/0", "choice")),
        ({"legs": []}, ("/legs", "legs")),
        ({"legs": [leg()] * 21}, ("/legs", "legs")),
        ({"legs": {}}, ("/legs", "legs")),
        ({"overall_stop": {"unit": "RUPEES", "value": 0}}, ("/overall_stop/value", "range")),
        ({"overall_target": {"unit": "RUPEES", "value": -5}}, ("/overall_target/value", "range")),
        ({"overall_stop": {"unit": "RUPEES", "value": "1.005"}}, ("/overall_stop/value", "precision")),
        ({"overall_stop": {"value": 5}}, ("/overall_stop/unit", "required")),
        ({"overall_stop": 5}, ("/overall_stop", "type")),
        ({"name": ""}, ("/name", "format")),
        ({"name": "x" * 81}, ("/name", "format")),
        ({"name": "a\x00b"}, ("/name", "format")),
        ({"name": "a\ud800b"}, ("/name", "format")),
        ({"underlying": "nifty"}, ("/underlying", "format")),
        ({"product": "CNC"}, ("/product", "choice")),
        ({"product": ["MIS"]}, ("/product", "choice")),
        ({"fill_timeout_s": 0}, ("/fill_timeout_s", "range")),
        ({"fill_timeout_s": 1.5}, ("/fill_timeout_s", "precision")),
        ({"protection_pct": 0}, ("/protection_pct", "range")),
        ({"protection_pct": 21}, ("/protection_pct", "range")),
        ({"cycle_limit": 0}, ("/cycle_limit", "range")),
        ({"color": "red"}, ("/color", "unknown_field")),
        ({"a/b~c": 1}, ("/a~1b~0c", "unknown_field")),
    ],
)
def test_rules_of_the_header(changes: dict[str, Any], finding: tuple[str, str]) -> None:
    assert found(spec_of(leg()) | changes) == [finding]


@pytest.mark.parametrize(
    ("rules", "finding"),
    [
        ({"trail": step_trail(10, 5)}, ("/legs/0/trail", "trail_without_stop")),
        ({"stop": points(9), "trail": step_trail(10, "10.01")}, ("/legs/0/trail/y", "trail_y_above_x")),
        ({"stop": points(9), "trail": {"type": "STEP", "x": 1, "y": 1}}, ("/legs/0/trail/unit", "required")),
        ({"target": percent(100)}, ("/legs/0/target/value", "target_pct_too_large")),
        ({"side": "BUY", "stop": percent(100)}, ("/legs/0/stop/value", "stop_pct_too_large")),
        ({"stop": {"type": "PREMIUM_PCT"}}, ("/legs/0/stop/value", "required")),
        ({"stop": None}, ("/legs/0/stop", "type")),
        ({"lots": 0}, ("/legs/0/lots", "range")),
        ({"lots": "1.5"}, ("/legs/0/lots", "precision")),
        ({"lots": 10001}, ("/legs/0/lots", "range")),
        ({"id": ""}, ("/legs/0/id", "format")),
        ({"id": "thirteen-long"}, ("/legs/0/id", "format")),
        ({"id": "a b"}, ("/legs/0/id", "format")),
        ({"side": "buy"}, ("/legs/0/side", "choice")),
        ({"strike_by": "ATM"}, ("/legs/0/strike_by", "type")),
        ({"strike_by": {"method": "ATM_OFFSET"}}, ("/legs/0/strike_by/offset", "required")),
        ({"strike_by": {"method": "EXACT"}}, ("/legs/0/strike_by/value", "required")),
        ({"strike_by": {"method": "EXACT", "value": 0}}, ("/legs/0/strike_by/value", "range")),
        (
            {"strike_by": {"method": "ATM_OFFSET", "offset": 0, "value": 1}},
            ("/legs/0/strike_by/value", "unknown_field"),
        ),
        ({"strike_by": {"method": "ATM_OFFSET", "offset": 101}}, ("/legs/0/strike_by/offset", "range")),
        ({"strike_by": {}}, ("/legs/0/strike_by/method", "required")),
        ({"colour": 1}, ("/legs/0/colour", "unknown_field")),
    ],
)
def test_rules_of_a_leg(rules: dict[str, Any], finding: tuple[str, str]) -> None:
    assert found(spec_of(leg(**rules))) == [finding]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"roll": {}}, "/roll"),
        ({"dte_filter": {}}, "/dte_filter"),
        ({"require_hedge": True}, "/require_hedge"),
        ({"trade_type": "POSITIONAL"}, "/trade_type"),
        ({"underlying_price_from": "SYNTHETIC"}, "/underlying_price_from"),
        ({"price_basis": "TRIGGER_LTP"}, "/price_basis"),
        ({"policy": "BEST_EFFORT"}, "/policy"),
        ({"stop_placement": "RESTING"}, "/stop_placement"),
        ({"expiry_by": "MONTHLY"}, "/expiry_by"),
        ({"expiry_by": {"method": "MONTHLY"}}, "/expiry_by/method"),
        ({"cycle_limit": 2}, "/cycle_limit"),
        ({"mtm": {"basis": "NET"}}, "/mtm/basis"),
        ({"overall_stop": {"unit": "CAPITAL_PCT", "value": 1}}, "/overall_stop/unit"),
        ({"legs": [leg(momentum={})]}, "/legs/0/momentum"),
        ({"legs": [leg(right="FUT")]}, "/legs/0/right"),
        ({"legs": [leg(stop={"type": "DELTA", "value": 1})]}, "/legs/0/stop/type"),
        ({"legs": [leg(strike_by={"method": "MAX_OI"})]}, "/legs/0/strike_by/method"),
    ],
)
def test_words_of_later_versions_are_told_apart_from_mistakes(changes: dict[str, Any], pointer: str) -> None:
    assert found(spec_of(leg()) | changes) == [(pointer, "not_supported_yet")]


def test_leg_names_must_differ_also_from_given_ones() -> None:
    assert found(spec_of(leg(id="L2"), leg())) == [("/legs/1/id", "duplicate")]


def test_all_findings_come_at_once() -> None:
    assert found({"legs": [{}]}) == [
        ("/entry_time", "required"), ("/exit_time", "required"), ("/name", "required"),
        ("/underlying", "required"),
        ("/legs/0/side", "required"), ("/legs/0/right", "required"), ("/legs/0/lots", "required"),
        ("/legs/0/strike_by", "required"),
    ]  # fmt: skip


def test_a_document_full_of_mistakes_is_answered_briefly() -> None:
    assert len(found(spec_of(leg()) | {f"x{i}": i for i in range(20_000)})) == 50


@pytest.mark.parametrize("data", [None, [], "x", 5])
def test_a_document_that_is_no_object(data: Any) -> None:
    assert found(data) == [("", "type")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_json"), ("{", "not_json"), ("{'a': 1}", "not_json"), (b"\xff\xfe{", "not_utf8"),
        ('{"name": NaN}', "not_a_number"), ('{"name": -Infinity}', "not_a_number"),
        ('{"name": "a", "name": "b"}', "duplicate_key"),
        ('{"legs": ' + "[" * 20 + "]" * 20 + "}", "too_deep"),
        ("[" * 100_000, "too_deep"), (" " * 262_145, "too_large"),
    ],
)  # fmt: skip
def test_texts_that_are_refused(text: str | bytes, code: str) -> None:
    assert found_in_text(text) == [("", code)]


@pytest.mark.parametrize("number", ["1e99999999999999999999", "9" * 5000, "1e-5000000", "0." + "1" * 5000])
def test_monstrous_numbers_are_refused_where_they_stand(number: str) -> None:
    data = json.dumps(spec_of(leg(stop=points("N")))).replace('"N"', number)
    assert found_in_text(data) == [("/legs/0/stop/value", "type")]


def test_a_byte_order_mark_is_harmless() -> None:
    assert parse_spec_text(b"\xef\xbb\xbf" + STRADDLE.encode()) == parse_spec_text(STRADDLE)


def test_the_error_is_one_for_the_user_with_a_plain_message() -> None:
    with pytest.raises(UserError, match="/exit_time: The exit time must be later than the entry time"):
        parse_spec(spec_of(leg(), exit_time="09:00"))

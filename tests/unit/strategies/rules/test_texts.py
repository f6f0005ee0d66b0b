"""Reading rules: what binds tighter, the standard form, and mistakes with their place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.rules import OPERATORS, WORDS, RuleError, RuleInvalid, Type, compile_rule
from strategies.rules.canonical import write
from strategies.rules.parser import parse

LEGS = ("L1", "L2")


def errors(text: str, want: Type = Type.BOOL) -> tuple[RuleError, ...]:
    with pytest.raises(RuleInvalid) as caught:
        compile_rule(text, legs=LEGS, want=want)
    return caught.value.errors


@pytest.mark.parametrize("name", [*WORDS, *OPERATORS])
def test_every_word_has_an_example_that_compiles(name: str) -> None:
    word = WORDS.get(name) or OPERATORS[name]
    rule = compile_rule(word.example, legs=LEGS)
    assert name in rule.text
    assert rule.describe()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("spot>1 or vix<2 and mtm>3", "spot > 1 or (vix < 2 and mtm > 3)"),
        ("not spot>1 and vix<2", "(not spot > 1) and vix < 2"),
        ("spot + 2 * 3 > 1", "spot + (2 * 3) > 1"),
        ("spot - 2 - 3 > 1", "(spot - 2) - 3 > 1"),
        ("spot / 2 * 3 > 1", "(spot / 2) * 3 > 1"),
        ("-spot * 2 < 1", "(-spot) * 2 < 1"),
        ("1 < spot <= 3", "1 < spot and spot <= 3"),
        ("spot between 1 and 2 and vix < 3", "(spot between 1 and 2) and vix < 3"),
        ("spot + 1 crosses_above vix * 2", "(spot + 1) crosses_above (vix * 2)"),
        ("SPOT > 1 AND rsi('5m') > 2", 'spot > 1 and rsi("5m") > 2'),
        ("spot > +.50", "spot > 0.5"),
    ],
)
def test_precedence(text: str, same: str) -> None:
    assert compile_rule(text).program == compile_rule(same).program


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("  spot  >24000.50", "spot > 24000.5"),
        ("((spot > 1))and(vix<2 or mtm>3)", "spot > 1 and (vix < 2 or mtm > 3)"),
        ("not(not(spot > 1))", "not not spot > 1"),
        ("spot-(1-2) > --3", "spot - (1 - 2) > --3"),
        ("rsi( close , length = 14,timeframe='5m')>60", 'rsi(close, length=14, timeframe="5m") > 60'),
        ("close() > 1 < 3", "close > 1 and 1 < 3"),
        ("a0 > 1", ""),
    ],
)
def test_standard_form(text: str, canonical: str) -> None:
    if canonical:
        assert compile_rule(text).text == canonical
        assert compile_rule(canonical).text == canonical
    else:
        assert errors(text)[0].code == "name_unknown"


@pytest.mark.parametrize(
    ("text", "position", "length", "code", "suggestion"),
    [
        ("", 0, 0, "empty", "Write a condition like close > 24000."),
        ("   ", 0, 0, "empty", "Write a condition like close > 24000."),
        ("close = 5", 6, 1, "equals", "Use == to compare."),
        ("close => 5", 6, 1, "equals", "Use == to compare."),
        ("spot > 1 && vix < 2", 9, 1, "character_unknown", "Write “and”."),
        ("spot > 1 || vix < 2", 9, 1, "character_unknown", "Write “or”."),
        ("!rising(close, 3)", 0, 1, "character_unknown", "Write “not”, or “!=” for “differs from”."),
        ("(spot > 1", 0, 1, "bracket_open", "Add )."),
        ("(spot > (1", 8, 1, "bracket_open", "Add )."),
        ("max(spot, ", 3, 1, "bracket_open", "Add )."),
        ("spot > 1)", 8, 1, "bracket_extra", "Remove it."),
        ("spot > 24,000", 9, 1, "comma", "Write 24000, not 24,000."),
        ("spot > 1 vix < 2", 9, 3, "operator_missing", "Join two conditions with “and” or “or”."),
        ("spot crosses above 3", 5, 7, "operator_missing", "Write crosses_above or crosses_below."),
        ("spot > 1 crosses_above 3", 9, 13, "compared_twice", "Join two comparisons with “and”."),
        ("spot between 1, 2", 14, 1, "between", "Write x between 1 and 2."),
        ("spot between 1", 14, 0, "between", "Write x between 1 and 2."),
        ("spot > ", 5, 1, "unfinished", ""),
        ("spot > * 3", 7, 1, "operand_missing", ""),
        ("spot ** 2 > 3", 5, 2, "operator_unknown", "Multiply or divide."),
        ("close.real > 1", 5, 1, "dot", 'Outputs are named in quotes: macd(close, "signal").'),
        ("spot > 24000x", 7, 6, "number_invalid", "Write it like 24000 or 0.5."),
        ("spot > 1.2.3", 7, 5, "number_invalid", "Write it like 24000 or 0.5."),
        ('rsi("5m) > 1', 4, 8, "quote_open", 'Add ".'),
        ("rsi(“5m”) > 1", 4, 1, "character_unknown", 'Use straight quotes: "5m".'),
        ("spot ≥ 3", 5, 1, "character_unknown", "Write >=."),
        ("rsi(length=3, close) > 1", 14, 5, "argument_order", ""),
        ("rsi(close, 14) > spt", 17, 3, "name_unknown", "Did you mean “spot”?"),
        ("rsi(close, 14, '7m') > 1", 15, 4, "text_unknown", "Did you mean “75m”?"),
        ("rsi(close, 14, '1h') > 1", 15, 4, "text_unknown", "Did you mean “60m”?"),
        ("bb(close, 'uper') > 1", 10, 6, "text_unknown", "Did you mean “upper”?"),
        ("rsi(close, 0) > 1", 11, 1, "parameter_range", ""),
        ("rsi(close, 14.5) > 1", 11, 4, "parameter_type", ""),
        ("rsi(close, 14, 3) > 1", 15, 1, "argument_extra",
         'It is written rsi(source, length=14, "timeframe").'),
        ("rsi(close, len=3) > 1", 11, 5, "argument_unknown", "Did you mean “length”?"),
        ("rsi(close, 3, length=4) > 1", 21, 1, "argument_twice", ""),
        ("rsi(close, spot) > 1", 11, 4, "argument_type", ""),
        ("rsi('5m', '5m') > 1", 10, 4, "argument_twice", ""),
        ("rising(3) > 1", 0, 9, "type_number", ""),
        ("rising() or spot > 1", 0, 8, "argument_missing", 'Write it like rising(close, 3, "5m").'),
        ("previous_day() < spot", 0, 14, "output_missing", 'Add "open" or "high" or "low" or "close".'),
        ("leg() > 3", 0, 5, "leg_missing", 'Write leg("L1").'),
        ("leg('L3') > 3", 4, 4, "leg_unknown", "There are: L1, L2."),
        ("leg('l2') > 3", 4, 4, "leg_unknown", "Did you mean “L2”?"),
        ("abs(1, 2) > 1", 0, 9, "argument_count", ""),
        ("min(1) > 1", 0, 6, "argument_count", ""),
        ("vwap() > 1", 0, 6, "volume_missing", "Use the future: vwap(future)."),
        ("sma(volume, 3) > 1", 4, 6, "volume_missing", "Use the future: volume(future)."),
        ("mfi(vix) > 1", 0, 8, "volume_missing", "Use the future: mfi(future)."),
        ("atr(close, 14) > 1", 4, 5, "type_series", 'Use spot, future, vix, combined or leg("…").'),
        ("rsi(spot > 1) > 1", 4, 8, "type_number", ""),
        ("spot", 0, 4, "type_condition", "Compare it: spot > …"),
        ("rsi(close, 14, '5m')", 0, 20, "type_condition", 'Compare it: rsi(close, 14, "5m") > …'),
        ("not vix", 4, 3, "type_condition", "Compare it: vix > …"),
        ("(spot > 1) + 2 > 3", 1, 8, "type_number", ""),
        ("time > 3", 7, 1, "type_time", 'Like "09:30".'),
        ("time > '25:00'", 7, 7, "time_invalid", 'Write it like "09:30".'),
        ("time + 1 > 3", 0, 4, "type_number", 'Compare it: time >= "10:00".'),
        ("spot > '10:00'", 7, 7, "type_number", 'Only “time” is compared with text, as in time >= "10:00".'),
        ("time crosses_above 3", 0, 4, "type_number", 'Compare it: time >= "10:00".'),
        ("3 crosses_above 4", 0, 17, "cross_constant", ""),
        ("ema(rsi(close, 14, '5m'), 9, '15m') > 1", 19, 4, "timeframe_conflict",
         "Leave “5m” out, or write it in the outer call too."),
    ],
)  # fmt: skip
def test_a_mistake_has_its_place_and_a_way_out(
    text: str, position: int, length: int, code: str, suggestion: str
) -> None:
    found = errors(text)[0]
    assert (found.position, found.length, found.code) == (position, length, code)
    assert found.suggestion == suggestion
    assert found.message


def test_all_mistakes_of_meaning_are_told_at_once() -> None:
    found = errors("foo > 3 and leg('Q') > 1 and vwap() > spot")
    assert [(error.position, error.code) for error in found] == [
        (0, "name_unknown"),
        (16, "leg_unknown"),
        (29, "volume_missing"),
    ]


def test_the_exception_says_it_in_one_sentence() -> None:
    with pytest.raises(RuleInvalid, match="at 8: There is no “vox”") as caught:
        compile_rule("1 < 2 <vox")
    assert (caught.value.code, caught.value.context["errors"][0]["position"]) == ("rule_invalid", 7)


TEXT = st.text(st.sampled_from("abcsporvixn()<>=+-*/%.,\"'0123459 _mand"), max_size=60)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_any_text_is_a_rule_or_refused_with_a_place_inside_it(text: str) -> None:
    try:
        tree = parse(text)
    except RuleInvalid as invalid:
        found = invalid.errors[0]
        inside = 0 <= found.position <= found.position + found.length <= len(text)
        assert inside  # noqa: PT017
        return
    assert write(parse(write(tree))) == write(tree)

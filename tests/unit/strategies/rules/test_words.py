"""Rules in words, why they came out as they did, and the page that explains them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from strategies.rules import OPERATORS, TIMEFRAMES, WORDS, Type, Verdict, compile_rule
from tests.unit.house.product import ROOT

AT = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("spot > 24000.5", "the spot price is above 24000.5"),
        ("not vix >= 16", "it is not so that India VIX is at least 16"),
        (
            'rsi(close, 14, "5m") crosses_above 60',
            "the relative strength index (length 14) of the spot's 5-minute close crosses above 60",
        ),
        (
            'close < bb(leg("L1"), 20, 2, "upper")',
            "the spot price is below the upper line of the Bollinger bands (length 20, mult 2) "
            "of leg L1's price on 1-minute candles",
        ),
        (
            'supertrend(10, 3, "5m", "direction") == -1',
            "the direction of the supertrend (length 10, mult 3) of the spot on 5-minute candles is -1",
        ),
        (
            'close > previous_day("high", "15m")',
            "the spot price is above the high of the previous day's levels of the spot on 15-minute candles",
        ),
        (
            "combined > 2 and (mtm < -5 or time >= '14:30:10')",
            "the combined premium is above 2 and (the strategy's profit in rupees is below -5 "
            "or the time is not before 14:30:10)",
        ),
        ('rising(vix, 3, "15m")', "India VIX's 15-minute close has risen 3 candles in a row"),
        ("falling(mtm, 1)", "the strategy's profit in rupees has fallen 1 1-minute candle in a row"),
        ("close > prev(high, 1)", "the spot price is above the spot's 1-minute high 1 candle before"),
        (
            'close >= highest(high, 20, "1d")',
            "the spot price is at least the highest of the spot's daily high over 20 candles",
        ),
        ("abs(delta('L1')) > .3", "the size of the delta of leg L1 is above 0.3"),
        ("spot % 100 between 0 and 5", "(the spot price % 100) is between 0 and 5"),
        ("min(spot, future) != 3", "the smallest of the spot price, the future price is not 3"),
    ],
)
def test_a_rule_in_words(text: str, words: str) -> None:
    assert compile_rule(text, legs=["L1"]).describe() == words


def test_a_verdict_is_explained_by_its_numbers() -> None:
    rule = compile_rule('rsi(close, 14, "5m") crosses_above 60 and vix < 16')
    seen = {'rsi(close, 14, "5m")': 61.23456, 'rsi(close, 14, "5m") (candle before)': 58.0}
    assert rule.explain(Verdict(False, AT, seen)) == (
        'rsi(close, 14, "5m") was 61.2346; rsi(close, 14, "5m") (candle before) was 58; '
        "vix is not known yet; the condition is not met"
    )


def test_a_number_is_explained_by_itself() -> None:
    rule = compile_rule("future - spot", want=Type.NUM)
    assert rule.explain(Verdict(61.5, AT, {"future - spot": 61.5})) == "future - spot was 61.5"


@pytest.mark.parametrize("name", [*WORDS, *OPERATORS, *TIMEFRAMES])
def test_every_word_is_in_the_documentation(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/rule-language.md").read_text()


@pytest.mark.parametrize("name", list(WORDS))
def test_every_meaning_in_the_documentation_is_the_one_of_the_editor(name: str) -> None:
    assert WORDS[name].signature.replace("|", "\\|") in (ROOT / "docs/rule-language.md").read_text()


def test_every_example_of_the_documentation_compiles() -> None:
    text = (ROOT / "docs/rule-language.md").read_text()
    blocks = [block.split("\n```")[0] for block in text.split("```rule\n")[1:]]
    rules = [line for block in blocks for line in block.splitlines() if line.strip()]
    assert len(rules) > 10
    for rule in rules:
        compile_rule(rule, legs=["L1", "L2"])

"""What the editor offers while a rule is typed."""

from __future__ import annotations

import pytest

from strategies.rules import compile_rule, complete, completion_start


def offered(text: str, cursor: int | None = None) -> list[str]:
    return [each.text for each in complete(text, len(text) if cursor is None else cursor, ["L1", "hedge"])]


@pytest.mark.parametrize(
    ("text", "first", "start"),
    [
        ("rs", "rsi(", 0),
        ("vi", "vix", 0),
        ("RSI(clo", "close", 4),
        ("spot > 1 an", "and", 9),
        ("spot cr", "crosses_above", 5),
        ("not ri", "rising(", 4),
        ("rsi(close, le", "length=", 11),
        ('rsi(close, 14, "', '"1m"', 15),
        ('rsi(close, 14, "5', '"5m"', 15),
        ('bb(close, "u', '"upper"', 10),
        ('leg("h', '"hedge"', 4),
        ('rsi(leg("', '"L1"', 8),
        ('rsi(leg("L1"), 14, "75', '"75m"', 19),
        ('time > "14', '"14:30"', 7),
        ("(spot > 1) o", "or", 11),
    ],
)
def test_the_best_offer_comes_first(text: str, first: str, start: int) -> None:
    assert offered(text)[0] == first
    assert completion_start(text, len(text)) == start


def test_where_a_value_is_due_no_operator_is_offered() -> None:
    found = offered("spot > ")
    assert "spot" in found
    assert "crosses_above" not in found


def test_behind_a_value_only_operators_are_offered() -> None:
    found = offered("rsi(close, 14) ")
    assert {"and", "crosses_above", "between", "<"} <= set(found)
    assert "spot" not in found


def test_only_what_stands_before_the_cursor_counts() -> None:
    assert offered("vi < 16", 2)[0] == "vix"
    assert offered("", 5)
    assert offered("spot", -3)


def test_a_word_that_needs_arguments_opens_their_bracket() -> None:
    found = complete("delta", 5)[0]
    assert (found.text, found.kind, found.signature) == ("delta(", "fact", 'delta("id")')
    assert "delta" in found.meaning


def test_what_was_offered_compiles() -> None:
    assert compile_rule(offered("sp")[0] + " > 1").text == "spot > 1"

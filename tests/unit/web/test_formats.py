"""Numbers, times and instruments as people read them; formats.json is shared with the browser's twin."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlplatform.web import formats

CASES = json.loads((Path(__file__).parents[2] / "data" / "formats.json").read_text(encoding="utf-8"))
ROWS = [(name, given_value, text) for name, rows in CASES.items() for given_value, text in rows]


@pytest.mark.parametrize(("name", "value", "text"), ROWS)
def test_shared_table_of_cases(name: str, value: Any, text: str) -> None:
    argument = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert getattr(formats, name)(argument) == text


@given(st.integers(-(10**15), 10**15))
def test_money_keeps_every_paisa_and_uses_the_true_minus(paise: int) -> None:
    text = formats.money(paise)
    assert "-" not in text
    assert int(text.replace("₹", "").replace(",", "").replace(".", "").replace(formats.MINUS, "-")) == paise


@given(st.integers(0, 10**18))
def test_grouping_is_three_then_pairs(number: int) -> None:
    *pairs, tail = formats.grouped(number).split(",")
    assert int("".join([*pairs, tail])) == number
    assert len(tail) == 3 or not pairs
    assert all(len(pair) == 2 for pair in pairs[1:])


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("NIFTY", date(2026, 11, 23), 2540000, "CE"), "NIFTY 23 NOV 25400 CE"),
        (("RELIANCE", date(2026, 1, 5), 25250, "PE"), "RELIANCE 05 JAN 252.50 PE"),
        (("NIFTY", date(2026, 11, 23), None, "FUT"), "NIFTY 23 NOV FUT"),
        (("NIFTY", None, None, "INDEX"), "NIFTY"),
    ],
)
def test_instrument_names(arguments: tuple[Any, ...], text: str) -> None:
    assert formats.instrument(*arguments) == text


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        formats.ist_time(datetime(2026, 11, 20, 13, 41))  # noqa: DTZ001 - the very thing under test


def test_long_date() -> None:
    assert formats.long_date(date(2022, 6, 8)) == "Wed 8 Jun 2022"


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=59), "under a minute"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=1, minutes=7), "1h 07m"),
        (timedelta(days=2, hours=3), "2 d 3 h"),
    ],
)
def test_durations_in_words(span: timedelta, text: str) -> None:
    assert formats.duration(span) == text

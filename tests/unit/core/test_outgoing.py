"""What a socket still has to send: facts in order, the newest state, and a bound."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlplatform.web.outgoing import MAX_WAITING, Outgoing


@pytest.fixture
def outgoing() -> Outgoing:
    return Outgoing()


def test_facts_in_order_before_the_state(outgoing: Outgoing) -> None:
    outgoing.merge({"a": 1}, "frame")
    outgoing.put("first")
    outgoing.put("second")
    assert outgoing.take(json.dumps) == ["first", "second", "frame"]
    assert outgoing.take(json.dumps) == []


def test_a_slow_reader_gets_the_newest_values_once(outgoing: Outgoing) -> None:
    outgoing.merge({"a": 1, "b": 1}, "frame 1")
    outgoing.merge({"b": 2}, "frame 2")
    assert outgoing.take(json.dumps) == ['{"a": 1, "b": 2}']


def test_heartbeat_only_when_idle(outgoing: Outgoing) -> None:
    outgoing.put("fact")
    outgoing.nudge("beat")
    assert outgoing.take(json.dumps) == ["fact"]
    outgoing.nudge("beat")
    assert outgoing.take(json.dumps) == ["beat"]


def test_far_behind_is_too_slow(outgoing: Outgoing) -> None:
    outgoing.put("x" * MAX_WAITING)
    assert not outgoing.too_slow
    outgoing.put("x")
    assert outgoing.too_slow
    assert outgoing.news.is_set()


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers() | st.none(), min_size=1), min_size=1))
def test_a_reader_ends_with_the_newest_values(changes: list[dict[str, int | None]]) -> None:
    outgoing, expected = Outgoing(), {}
    for change in changes:
        outgoing.merge(dict(change), json.dumps(change))
        expected |= change
    assert [json.loads(text) for text in outgoing.take(json.dumps)] == [expected]

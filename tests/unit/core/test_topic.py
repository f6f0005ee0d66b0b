"""Whatever happens to the state of a workspace, a socket that applies what it hears shows the same."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from qlplatform.web.hub import Topic
from qlplatform.web.outgoing import Outgoing

VALUES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3) | st.none(), max_size=3)
STORED = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), max_size=4)
STEPS = st.one_of(
    st.tuples(st.just("news"), VALUES),
    st.tuples(st.just("flush"), st.none()),
    st.tuples(st.just("reload"), STORED),
)


class Screen:
    """Applies messages as a page does."""

    def __init__(self, topic: Topic) -> None:
        self.topic, self.outgoing = topic, Outgoing()
        self.shown: dict[str, Any] = json.loads(topic.snapshot())["data"]["values"]
        topic.sockets.add(self.outgoing)

    def read(self) -> dict[str, Any]:
        for text in self.outgoing.take(self.topic.delta_frame):
            self.shown |= json.loads(text)["data"]["values"]
        return {name: value for name, value in self.shown.items() if value is not None}


@given(STORED, st.lists(STEPS, max_size=12), st.booleans())
def test_screen_and_hub_agree(stored: dict[str, int], steps: list[tuple[str, Any]], slow: bool) -> None:
    topic = Topic(1)
    topic.replace(stored)
    topic.flush()
    screen = Screen(topic)
    for kind, data in steps:
        {"news": topic.take_values, "reload": topic.replace, "flush": lambda _: topic.flush()}[kind](data)
        if not slow:
            screen.read()
    topic.flush()
    assert screen.read() == topic.values


def test_only_changes_are_sent() -> None:
    topic = Topic(1)
    topic.replace({"a": 1, "b": 2})
    topic.flush()
    screen = Screen(topic)
    topic.take_values({"a": 1, "b": 3})
    topic.flush()
    [frame] = screen.outgoing.take(topic.delta_frame)
    assert json.loads(frame)["data"]["values"] == {"b": 3}


def test_what_a_reload_no_longer_has_is_gone() -> None:
    topic = Topic(1)
    topic.replace({"a": 1})
    topic.flush()
    screen = Screen(topic)
    topic.replace({})
    topic.flush()
    assert screen.read() == {} == topic.values

"""Whatever happens to a chain, a socket that applies what it hears shows the same, slow reader or not."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from markets.chain_live import ChainState
from qlplatform.web.chain_topics import ChainAddress, ChainTopic
from qlplatform.web.outgoing import Outgoing

ADDRESS = ChainAddress("chain:NIFTY:2025-09-02", 1, "NIFTY", date(2025, 9, 2))
ROWS = st.fixed_dictionaries({name: st.integers(0, 3) for name in "abcd"})


def state(seq: int, prices: dict[str, int]) -> ChainState:
    return ChainState(seq, {"seq": seq}, {name: (name, price) for name, price in prices.items()})


class Screen:
    """Applies messages as a page does."""

    def __init__(self, topic: ChainTopic) -> None:
        self.topic, self.outgoing = topic, Outgoing()
        self.shown: dict[str, Any] = {}
        self.head: Any = None
        self.apply(topic.snapshot())
        topic.sockets.add(self.outgoing)

    def apply(self, text: str) -> None:
        message = json.loads(text)
        assert message["data"]["channel"] == ADDRESS.channel
        self.head = message["data"]["head"]
        self.shown |= {row[0]: tuple(row) for row in message["data"]["r"]}

    def read(self) -> int:
        texts = self.outgoing.take(lambda _: "")
        for text in texts:
            self.apply(text)
        return len(texts)


@given(ROWS, st.lists(st.tuples(ROWS, st.booleans()), max_size=8))
def test_screen_and_topic_agree(first: dict[str, int], steps: list[tuple[dict[str, int], bool]]) -> None:
    topic = ChainTopic(ADDRESS)
    topic.take(state(1, first))
    screen = Screen(topic)
    for seq, (prices, reads) in enumerate(steps, 2):
        topic.take(state(seq, prices))
        if reads:
            screen.read()
    assert screen.read() <= 1  # what a slow reader missed comes as one message
    assert screen.shown == topic.state.rows
    assert screen.head == topic.state.head


def test_an_older_state_is_left_alone() -> None:
    topic = ChainTopic(ADDRESS)
    topic.take(state(5, {"a": 1}))
    topic.take(state(4, {"a": 2}))
    assert (topic.state.seq, topic.state.rows) == (5, {"a": ("a", 1)})


def test_only_changed_rows_are_sent() -> None:
    topic = ChainTopic(ADDRESS)
    topic.take(state(1, {"a": 1, "b": 1}))
    screen = Screen(topic)
    topic.take(state(2, {"a": 1, "b": 2}))
    [frame] = screen.outgoing.take(lambda _: "")
    assert json.loads(frame)["data"]["r"] == [["b", 2]]


def test_a_forgotten_stream_sends_nothing_more() -> None:
    topic = ChainTopic(ADDRESS)
    topic.take(state(1, {"a": 1}))
    screen = Screen(topic)
    topic.take(state(2, {"a": 2}))
    screen.outgoing.forget(topic)
    assert screen.outgoing.take(lambda _: "") == []

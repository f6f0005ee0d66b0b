"""The order state table, pair by pair, and as a broker really tells it: late, twice, in any order."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from execution.domain.order_states import (
    ALIVE,
    STATES,
    TERMINAL,
    IllegalMove,
    check_move,
    reported_state,
)

# from -> what it may become, written down a second time
ALLOWED = """
NEW       SENDING ACCEPTED OPEN PARTIAL FILLED CANCELLED REJECTED EXPIRED
SENDING   NEW UNKNOWN ACCEPTED OPEN PARTIAL FILLED CANCELLED REJECTED EXPIRED
UNKNOWN   NEW ACCEPTED OPEN PARTIAL FILLED CANCELLED REJECTED EXPIRED
ACCEPTED  OPEN PARTIAL FILLED CANCELLED REJECTED EXPIRED
OPEN      PARTIAL FILLED CANCELLED REJECTED EXPIRED
PARTIAL   PARTIAL FILLED CANCELLED EXPIRED
FILLED
CANCELLED PARTIAL FILLED
REJECTED  PARTIAL FILLED
EXPIRED   PARTIAL FILLED
"""
TABLE = {line.split()[0]: set(line.split()[1:]) for line in ALLOWED.split("\n") if line}
PAIRS = [(current, target) for current in STATES for target in STATES]


@pytest.mark.parametrize(("current", "target"), [pair for pair in PAIRS if pair[1] in TABLE[pair[0]]])
def test_a_move_of_the_table_is_allowed(current: str, target: str) -> None:
    check_move(current, target)


@pytest.mark.parametrize(("current", "target"), [pair for pair in PAIRS if pair[1] not in TABLE[pair[0]]])
def test_every_other_move_is_refused_by_name(current: str, target: str) -> None:
    with pytest.raises(IllegalMove, match=f"from {current} to {target}") as refused:
        check_move(current, target)

    assert (refused.value.current, refused.value.target) == (current, target)


def test_a_state_is_either_alive_or_terminal() -> None:
    assert set(STATES) == ALIVE | TERMINAL
    assert not ALIVE & TERMINAL


@pytest.mark.parametrize(
    ("current", "reported", "filled_qty", "target"),
    [
        ("SENDING", "OPEN", 0, "OPEN"),
        ("ACCEPTED", "OPEN", 0, "OPEN"),
        ("OPEN", "ACCEPTED", 0, None),  # old news
        ("OPEN", "OPEN", 0, None),
        ("OPEN", "PARTIAL", 50, "PARTIAL"),
        ("SENDING", "OPEN", 50, "PARTIAL"),  # fills outrank status words
        ("PARTIAL", "OPEN", 50, None),
        ("PARTIAL", "CANCELLED", 50, "CANCELLED"),
        ("PARTIAL", "CANCELLED", 100, "FILLED"),
        ("CANCELLED", "PARTIAL", 50, None),  # counted; it stays as ended as it was
        ("CANCELLED", "OPEN", 0, None),
        ("CANCELLED", "OPEN", 50, None),  # a word of old never reopens it
        ("FILLED", "CANCELLED", 100, None),
        ("REJECTED", "PARTIAL", 100, "FILLED"),
        ("OPEN", "UNKNOWN", 0, None),  # a word nobody knows moves nothing
    ],
)
def test_where_a_report_moves_an_order(
    current: str, reported: str, filled_qty: int, target: str | None
) -> None:
    assert reported_state(current, reported=reported, filled_qty=filled_qty, qty=100) == target


class Reports(RuleBasedStateMachine):
    """A broker works on an order of 100 units; what it says arrives shuffled, delayed and repeated."""

    QTY = 100

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, int, int]] = []  # (status word, trade number or 0, units)
        self.working, self.sold = True, 0
        self.state, self.known = "SENDING", dict[int, int]()
        self.most_filled, self.reopened_by_a_word = 0, False

    # -- the broker ------------------------------------------------------------

    @precondition(lambda self: self.working)
    @rule(word=st.sampled_from(["ACCEPTED", "OPEN"]))
    def broker_tells(self, word: str) -> None:
        self.said.append((word, 0, 0))

    @precondition(lambda self: self.working)
    @rule(share=st.integers(1, QTY))
    def broker_fills(self, share: int) -> None:
        units = min(share, self.QTY - self.sold)
        self.sold += units
        self.said.append(("PARTIAL", len(self.said) + 1, units))
        self.working = self.sold < self.QTY

    @precondition(lambda self: self.working)
    @rule(word=st.sampled_from(["CANCELLED", "EXPIRED"]))
    def broker_ends(self, word: str) -> None:
        self.working = False
        self.said.append((word, 0, 0))

    # -- the way here ------------------------------------------------------------

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def news_arrive(self, data: st.DataObject) -> None:
        """Any of the news, again or for the first time."""
        self._hear(*data.draw(st.sampled_from(self.said)))

    def _hear(self, word: str, trade: int, units: int) -> None:
        before = self.state
        if trade and trade not in self.known:
            self.known[trade] = units
        elif trade:
            return  # the ledger knows it
        filled = sum(self.known.values())
        moved = reported_state(before, reported=word, filled_qty=filled, qty=self.QTY)
        if moved is not None:
            check_move(before, moved)
            self.reopened_by_a_word |= before in TERMINAL and not trade
            self.state = moved

    # -- what holds at any moment ------------------------------------------------

    @invariant()
    def filled_never_falls(self) -> None:
        filled = sum(self.known.values())
        assert filled >= self.most_filled
        assert (self.state == "FILLED") == (filled == self.QTY)
        self.most_filled = filled

    @invariant()
    def only_a_late_fill_leaves_a_terminal_state(self) -> None:
        assert not self.reopened_by_a_word

    def teardown(self) -> None:
        for news in self.said:
            self._hear(*news)
        assert sum(self.known.values()) == self.sold
        if not self.working and self.sold == self.QTY:
            assert self.state == "FILLED"
        elif not self.working:
            assert self.state in {"CANCELLED", "EXPIRED"}


Reports.TestCase.settings = settings(max_examples=200, stateful_step_count=20)
TestReports = Reports.TestCase

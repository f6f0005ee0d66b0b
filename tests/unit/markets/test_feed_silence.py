"""Who is silent, who leads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.feed.failover import BACK_AFTER_US, Failover
from markets.feed.silence import Ear, oldest_us, stale
from markets.feed.ticks import no_ticks
from tests.unit.markets.live_ticks import AT_US, S, board, gate, ticks

OPEN = AT_US


def told(ear: Ear, at: int, *, stamp: int | None = None) -> None:
    ear.hear(at, 1, ticks({"exch_us": at if stamp is None else stamp}))


@pytest.mark.parametrize(
    ("frames", "ticking", "stamp", "reason"),
    [(0, False, 0, "no_frames"), (1, False, 0, "no_ticks"), (1, True, OPEN, "frozen"), (1, True, None, "")],
)
def test_why_a_source_is_silent(frames: int, ticking: bool, stamp: int | None, reason: str) -> None:
    ear = Ear("kite")
    told(ear, OPEN)
    for second in range(1, 40):
        at = OPEN + second * S
        ear.hear(at, frames, ticks({"exch_us": at if stamp is None else stamp}) if ticking else no_ticks())
        ear.check(at, OPEN)
    assert ear.reason == reason
    assert ear.since_us == (OPEN if reason else 0)


def test_silence_begins_and_ends_once() -> None:
    ear = Ear("kite")
    told(ear, OPEN)
    changes = [ear.check(OPEN + n * S, OPEN) for n in range(1, 9)]
    assert changes == [False] * 5 + [True, False, False]
    told(ear, OPEN + 9 * S)
    assert (ear.check(OPEN + 9 * S, OPEN), ear.silent) == (True, False)


def test_outside_the_trading_hours_silence_means_nothing() -> None:
    ear = Ear("kite")
    assert (ear.check(OPEN, None), ear.silent) == (False, False)
    assert (ear.check(OPEN + 5 * S, OPEN), ear.check(OPEN + 6 * S, OPEN)) == (False, True)
    assert (ear.check(OPEN + 7 * S, None), ear.silent) == (True, False)


def test_a_source_without_stamps_does_not_freeze() -> None:
    ear = Ear("kite")
    for second in range(40):
        told(ear, OPEN + second * S, stamp=-1)
        assert not ear.check(OPEN + second * S, OPEN)


def test_instruments_whose_price_is_old() -> None:
    on = board()
    on.apply(gate(on).check(ticks({}, {"token": 102, "exch_us": AT_US - 60 * S})))
    assert stale(on, AT_US + S, 60 * S).tolist() == [False, True, False]
    assert (oldest_us(on), oldest_us(board())) == (AT_US - 60 * S, 0)


# -- fail-over ------------------------------------------------------------------------------


def test_the_second_takes_over_and_the_first_comes_back_once_it_is_steady() -> None:
    of = Failover(["kite", "shoonya"])
    assert (of.leader, of.update(0, [])) == ("kite", None)
    assert of.update(S, ["kite"]) == "shoonya"
    assert of.update(2 * S, []) is None
    assert of.update(3 * S, ["kite"]) is None, "its time begins anew"
    assert of.update(4 * S, []) is None
    assert of.update(4 * S + BACK_AFTER_US - 1, []) is None
    assert of.update(4 * S + BACK_AFTER_US, []) == "kite"


def test_when_all_are_silent_the_leader_stays() -> None:
    of = Failover(["a", "b", "c"])
    assert of.update(0, ["a", "b", "c"]) is None
    assert of.update(1, ["a", "b"]) == "c"
    assert of.update(2, ["a", "b", "c"]) is None
    assert of.update(3, ["a", "c"]) == "b"


def test_somebody_has_to_be_followed() -> None:
    with pytest.raises(ValueError, match="no source"):
        Failover([])


@given(st.lists(st.tuples(st.integers(0, 40), st.sets(st.sampled_from("abc"))), max_size=40))
def test_a_source_that_talks_leads_whenever_there_is_one(steps: list[tuple[int, set[str]]]) -> None:
    of, now, since = Failover("abc"), 0, dict.fromkeys("abc", 0)
    for later, silent in steps:
        now += later * S
        of.update(now, silent)
        since = {name: now if name in silent else at for name, at in since.items()}
        assert of.leader not in silent or silent == set("abc")
        better = [name for name in "abc" if name < of.leader and name not in silent]
        assert all(now - since[name] < BACK_AFTER_US + 40 * S for name in better)

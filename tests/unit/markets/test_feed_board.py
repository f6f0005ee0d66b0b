"""The board: the newest of everything, and snapshots that tell what is new."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.bars import micros
from markets.feed.board import Board
from markets.feed.ticks import ticks_of
from markets.feed.universe import TokenTable, universe
from markets.quotes import pack, unpack
from tests.unit.markets.live_ticks import AT, AT_US, CALL, INDEX, PUT, S, board, gate, ticks


def filled(*rows: dict[str, int]) -> Board:
    on = board()
    on.apply(gate(on).check(ticks(*rows)))
    return on


def test_of_several_ticks_of_an_instrument_the_last_stays() -> None:
    on = filled({"ltp": 100_00}, {"token": 102, "ltp": 7}, {"ltp": 101_00, "exch_us": AT_US + 1})
    assert on.ltp.tolist() == [101_00, 7, 0]


def test_what_is_untold_stays_as_it_was() -> None:
    on = filled({"bid": 99_95, "ask": 100_05, "volume": 75})
    on.apply(gate(on).check(ticks({"ltp": 101_00, "exch_us": AT_US + 1})))
    assert (on.ltp[0], on.bid[0], on.ask[0], on.volume[0]) == (101_00, 99_95, 100_05, 75)


def test_a_snapshot_tells_what_was_quoted_since_the_last() -> None:
    on = filled({"bid": 99_95, "ask": 100_05, "oi": 150})
    one = on.snapshot(AT)
    assert (one.seq, one.fresh(), on.changed) == (AT_US, {CALL: 100_00}, False)
    on.apply(gate(on).check(ticks({"token": 102, "ltp": 5_00})))
    two = on.snapshot(AT + timedelta(milliseconds=10))
    assert (two.fresh(), two.marks()) == ({PUT: 5_00}, {CALL: 100_00, PUT: 5_00})
    assert {name: two.column(name)[0] for name in ("bid", "ask", "oi", "exch_us")} == {
        "bid": 99_95, "ask": 100_05, "oi": 150, "exch_us": AT_US,
    }  # fmt: skip


def test_a_reader_that_missed_a_snapshot_still_hears_what_was_new_in_it() -> None:
    on = filled({})
    seen = on.snapshot(AT)
    for later, token in ((1, 102), (2, 101)):
        on.apply(gate(on).check(ticks({"token": token, "exch_us": AT_US + later, "ltp": 60_00 + later})))
        newest = on.snapshot(AT + timedelta(milliseconds=later))
    assert newest.fresh() == {CALL: 60_02}
    assert newest.since(seen.seq).fresh() == {CALL: 60_02, PUT: 60_01}


def test_a_snapshot_is_not_changed_by_what_comes_later() -> None:
    on = filled({})
    before = on.snapshot(AT)
    packed = pack(before)
    on.apply(gate(on).check(ticks({"ltp": 150_00, "exch_us": AT_US + 1})))
    on.snapshot(AT)
    assert pack(before) == packed


def test_numbers_grow_although_the_clock_does_not() -> None:
    on = filled({})
    assert [on.snapshot(at).seq for at in (AT, AT, AT - timedelta(seconds=9))] == [
        AT_US,
        AT_US + 1,
        AT_US + 2,
    ]


def test_an_index_is_the_spot_as_long_as_it_ticks() -> None:
    on = filled({"token": 103, "ltp": 26_000_05})
    assert on.snapshot(AT + timedelta(seconds=5)).spot == {"NIFTY": 26_000_05}
    late = on.snapshot(AT + timedelta(seconds=6))
    assert (late.spot, late.marks()) == ({}, {INDEX: 26_000_05})


def test_open_interest_is_compared_with_the_day_before() -> None:
    on = Board(universe([CALL, PUT], oi_before=np.array([750, 0])), market_id=1)
    on.apply(ticks_of(2, place=[0, 1], ltp=[1, 1], oi=[900, 75]))
    assert on.snapshot(AT).column("oi_chg").tolist() == [150, 0]


def test_a_feed_that_starts_anew_knows_what_the_last_one_knew() -> None:
    first = filled({"bid": 99_95, "ask": 100_05, "volume": 75})
    last = unpack(pack(first.snapshot(AT)))
    again = Board(universe([PUT, CALL]), market_id=1)
    again.resume(last)
    snapshot = again.snapshot(AT)
    assert (snapshot.marks(), snapshot.fresh(), snapshot.seq) == ({CALL: 100_00}, {}, last.seq + 1)
    assert snapshot.column("bid").tolist() == [0, 99_95]
    at = gate(again)
    assert len(at.check(ticks({"exch_us": AT_US - S}))) == 0, "older than what was known"


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 10**6)), max_size=60), st.integers(1, 9))
def test_batches_of_any_size_come_to_the_same(rows: list[tuple[int, int]], size: int) -> None:
    whole, parts = (Board(universe(range(1, 6)), market_id=1) for _ in range(2))  # type: ignore[arg-type]
    for on, step in ((whole, len(rows) or 1), (parts, size)):
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            on.apply(ticks_of(len(part), place=[p for p, _ in part], ltp=[v for _, v in part]))
    assert whole.ltp.tolist() == parts.ltp.tolist()
    last = dict(rows)
    assert whole.ltp.tolist() == [last.get(place, 0) for place in range(5)]


def test_an_instrument_is_in_the_universe_once() -> None:
    with pytest.raises(ValueError, match="only once"):
        universe([1, 2, 1])


def test_tokens_of_instruments_outside_the_universe_are_unknown() -> None:
    table = TokenTable({5: 1, 9: 99}, universe([1]))
    assert table.places(np.array([5, 9, 4, 10])).tolist() == [0, -1, -1, -1]
    assert TokenTable({}, universe([1])).places(np.array([0, 5])).tolist() == [-1, -1]


def test_micros_of_the_first_snapshot() -> None:
    assert micros(AT) == AT_US

"""The gate: what cannot be right is kept out and counted, everything else passes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.feed.board import TOLD, Board
from markets.feed.gate import FIELD_CODES, ROW_CODES, Gate
from markets.feed.ticks import NAN, UNTOLD, no_ticks, paise_of, ticks_of
from markets.feed.universe import TokenTable, universe
from tests.unit.markets.live_ticks import AT_US, TOKENS, S, board, gate, ticks


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"token": 999}, "unknown_token"),
        ({"token": -1}, "unknown_token"),
        ({"ltp": NAN}, "not_a_number"),
        ({"ltp": 0}, "bad_price"),
        ({"ltp": -100_00}, "bad_price"),
        ({"ltp": 2**31}, "bad_price"),
        ({"ltp": 49_95}, "outside_band"),
        ({"ltp": 200_05}, "outside_band"),
        ({"exch_us": AT_US + 5 * S + 1}, "future_stamp"),
    ],
)
def test_a_row_that_cannot_be_right_stays_out(row: dict[str, int], code: str) -> None:
    at = gate(board())
    assert len(at.check(ticks(row))) == 0
    assert (dict(at.faults), at.passed, at.kept_out) == ({code: 1}, 0, 1)
    assert (
        at.examples[code].items() >= {name: value for name, value in row.items() if value != UNTOLD}.items()
    )


@pytest.mark.parametrize("row", [{"ltp": 50_00}, {"ltp": 200_00}, {"exch_us": AT_US + 5 * S}])
def test_limits_themselves_are_right(row: dict[str, int]) -> None:
    at = gate(board())
    assert len(at.check(ticks(row))) == 1
    assert not at.faults


def test_without_a_band_every_price_is_possible() -> None:
    assert gate(board()).check(ticks({"token": 102, "ltp": 1})).ltp.tolist() == [1]


@pytest.mark.parametrize(
    ("row", "code", "left"),
    [
        ({"bid": 100_05, "ask": 100_00}, "crossed", {"ltp": 100_00, "bid": 0, "ask": 0}),
        ({"bid": NAN, "ask": 100_05}, "bad_quote", {"bid": 0, "ask": 100_05}),
        ({"bid": -5, "ask": 100_05}, "bad_quote", {"bid": 0, "ask": 100_05}),
        ({"ask": 2**31}, "bad_quote", {"ask": 0}),
        ({"volume": -2, "oi": 75}, "bad_qty", {"volume": UNTOLD, "oi": 75}),
        ({"oi": 7_550}, "oi_unit", {"oi": UNTOLD, "ltp": 100_00}),
        ({"ltp": 0, "bid": 5, "ask": 10}, "no_trade", {"ltp": UNTOLD, "bid": 5, "ask": 10}),
    ],
)
def test_a_field_that_cannot_be_right_is_taken_from_its_row(
    row: dict[str, int], code: str, left: dict[str, int]
) -> None:
    at = gate(board())
    passed = at.check(ticks(row))
    assert {name: int(getattr(passed, name)[0]) for name in left} == left
    assert (dict(at.faults), at.passed) == ({code: 1}, 1)


@pytest.mark.parametrize(
    "row", [{"bid": 100_00, "ask": 100_00}, {"bid": 100_00, "ask": 0}, {"bid": 0, "ask": 5}]
)
def test_locked_and_one_sided_quotes_are_right(row: dict[str, int]) -> None:
    at = gate(board())
    passed = at.check(ticks(row))
    assert (passed.bid.tolist(), passed.ask.tolist(), dict(at.faults)) == ([row["bid"]], [row["ask"]], {})


# -- order --------------------------------------------------------------------------------


def test_time_never_goes_backwards_for_an_instrument() -> None:
    at, on = gate(board()), board()
    at = gate(on)
    stamps = [AT_US, AT_US - 1, AT_US + S, AT_US]
    passed = at.check(ticks(*({"exch_us": us, "ltp": 100_00 + n} for n, us in enumerate(stamps))))
    on.apply(passed)
    assert (passed.ltp.tolist(), at.faults["out_of_order"]) == ([100_00, 100_02], 2)
    assert len(at.check(ticks({"exch_us": AT_US + S - 1}))) == 0
    assert len(at.check(ticks({"token": 102, "exch_us": AT_US - 9 * S}))) == 1, "another instrument"


def test_an_old_stamp_beside_a_new_one_is_still_told_from_an_older() -> None:
    on = board()
    at = gate(on)
    old = AT_US - 5 * 86_400 * S
    on.apply(at.check(ticks({"token": 102, "exch_us": old})))
    passed = at.check(ticks({"exch_us": AT_US}, {"token": 102, "exch_us": old - S}))
    assert (passed.token.tolist(), at.faults["out_of_order"]) == ([101], 1)


def test_a_tick_that_only_repeats_the_one_before_is_a_duplicate() -> None:
    on = board()
    at = gate(on)
    row = {"bid": 99_95, "ask": 100_05, "oi": 75}
    on.apply(at.check(ticks(row, row)))
    assert (at.passed, at.faults["duplicate"]) == (1, 1)
    changed = at.check(ticks(row, row | {"oi": 150}, row | {"oi": 150}))
    assert (changed.oi.tolist(), at.faults["duplicate"]) == ([150], 3)


def test_a_source_without_stamps_repeats_nothing_and_is_never_late() -> None:
    at = gate(board())
    passed = at.check(ticks({"exch_us": UNTOLD}, {"exch_us": UNTOLD, "recv_us": AT_US + 1}))
    assert (passed.exch_us.tolist(), at.kept_out) == ([AT_US, AT_US + 1], 0)


# -- units of open interest ---------------------------------------------------------------


def wide(oi: Any, *, oi_in_contracts: bool) -> tuple[Gate, list[int]]:
    """25 instruments with a lot of 75 and their open interest."""
    on = Board(universe(list(range(1, 26)), lot=np.full(25, 75)), market_id=1)
    at = Gate(on, TokenTable({n: n for n in range(1, 26)}, on.universe), oi_in_contracts=oi_in_contracts)
    passed = at.check(
        ticks_of(25, token=np.arange(1, 26), ltp=np.full(25, 5), oi=oi, recv_us=np.full(25, AT_US))
    )
    return at, passed.oi.tolist()


def test_open_interest_in_contracts_becomes_units() -> None:
    at, oi = wide(np.arange(1, 26), oi_in_contracts=True)
    assert (oi, dict(at.faults)) == ([75 * n for n in range(1, 26)], {})


def test_shares_from_a_source_that_should_count_contracts_are_noticed() -> None:
    at, oi = wide(np.arange(1, 26) * 75, oi_in_contracts=True)
    assert (set(oi), at.faults["oi_unit"]) == ({UNTOLD}, 25)


def test_contracts_from_a_source_that_should_count_shares_are_noticed() -> None:
    at, oi = wide(np.arange(1, 26), oi_in_contracts=False)
    assert (set(oi), at.faults["oi_unit"]) == ({UNTOLD}, 25)


# -- whatever comes -----------------------------------------------------------------------

wild = st.one_of(st.integers(-(2**63), 2**63 - 1), st.sampled_from([UNTOLD, 0, NAN, 75, 100_00]))
stamp = st.one_of(st.integers(AT_US - 20, AT_US + 20), wild)
tick = st.fixed_dictionaries(
    {
        "token": st.one_of(st.sampled_from([*TOKENS]), wild),
        "ltp": st.one_of(st.integers(45_00, 205_00), wild),
        "bid": st.one_of(st.integers(95_00, 105_00), wild),
        "ask": st.one_of(st.integers(95_00, 105_00), wild),
        "oi": st.one_of(st.integers(0, 40).map(lambda n: n * 25), wild),
        "volume": wild,
        "exch_us": stamp,
    }
)


@given(batches=st.lists(st.lists(tick, max_size=12), max_size=4), contracts=st.booleans())
def test_every_tick_is_applied_or_counted_and_the_board_is_always_sane(
    batches: list[list[dict[str, int]]], contracts: bool
) -> None:
    on = board()
    at = gate(on, oi_in_contracts=contracts)
    newest = on.exch_us.copy()
    for rows in batches:
        passed = at.check(ticks(*rows) if rows else no_ticks())
        on.apply(passed)
        assert (on.exch_us >= newest).all(), "time went backwards"
        newest = on.exch_us.copy()
    assert at.passed + at.kept_out == sum(len(rows) for rows in batches)
    assert at.kept_out == sum(at.faults[code] for code in ROW_CODES)
    assert set(at.faults) <= ROW_CODES.keys() | FIELD_CODES.keys()
    assert all((getattr(on, name) >= 0).all() for name in TOLD)
    assert not ((on.bid > on.ask) & (on.ask > 0)).any()
    assert on.ltp[0] == 0 or 50_00 <= on.ltp[0] <= 200_00
    assert on.oi[0] % 75 == 0


def test_a_side_told_alone_ends_the_older_one_it_crosses() -> None:
    on = board()
    at = gate(on)
    for told in ({"bid": 99_00, "ask": 100_00}, {"bid": 101_00}):
        row = {"token": next(iter(TOKENS)), "ltp": 100_00, "exch_us": AT_US, **told}
        on.apply(at.check(ticks(row)))
    assert (on.bid[0], on.ask[0]) == (101_00, 0)


def test_rupees_that_are_no_numbers_are_told_as_such() -> None:
    prices = paise_of([100.05, float("nan"), float("inf"), -1.0, 1e300])
    assert prices.tolist() == [100_05, NAN, NAN, -1_00, NAN]

"""Snapshots: packing, freshness, and the carried prices of a recorded session."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.sessions import ContractKey, OptionalColumns, Session
from markets.quotes import QUOTE_COLUMNS, Snapshot, SnapshotBuilder, pack, unpack
from qlplatform.core.errors import OperatorError

OPEN = datetime(2022, 6, 8, 3, 46, tzinfo=UTC)
CALL = ContractKey(date(2022, 6, 9), 16_500_00, "CE")
PUT = ContractKey(date(2022, 6, 9), 16_500_00, "PE")

int64 = st.integers(-(2**63), 2**63 - 1)
quotes = st.lists(st.tuples(int64, st.integers(0, 2**31 - 1), st.integers(0, 2**62)), max_size=30)


@given(
    market=st.integers(0, 2**62),
    seq=st.integers(0, 2**62),
    at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    spot=st.dictionaries(st.text(max_size=20), int64, max_size=5),
    rows=quotes,
    names=st.sets(st.sampled_from(QUOTE_COLUMNS)),
)
def test_what_is_packed_comes_out_again(
    market: int,
    seq: int,
    at: datetime,
    spot: dict[str, int],
    rows: list[tuple[int, int, int]],
    names: set[str],
) -> None:
    keys, ltp, stamp = zip(*rows, strict=True) if rows else ((), (), ())
    columns = {name: np.array(ltp, np.int64) // (n + 1) for n, name in enumerate(sorted(names))}
    before = Snapshot(
        market,
        seq,
        at,
        spot,
        np.array(keys, np.int64),
        np.array(ltp, np.int32),
        np.array(stamp, np.int64),
        columns,
    )
    after = unpack(pack(before))
    assert (after.market_id, after.seq, after.at, after.spot) == (market, seq, at, spot)
    for name in ("keys", "ltp", "stamp"):
        assert np.array_equal(getattr(after, name), getattr(before, name))
    assert after.columns.keys() == columns.keys()
    for name in QUOTE_COLUMNS:
        assert np.array_equal(after.column(name), before.column(name))


def test_a_column_the_market_does_not_know_is_empty_and_a_wrong_name_is_told() -> None:
    one = builder().snapshot(1)
    assert one.column("oi").tolist() == [0, 0]
    with pytest.raises(KeyError, match="no column 'open_interest'; they may have: bid, ask"):
        one.column("open_interest")


@given(cut=st.integers(1, 100), data=st.binary(max_size=80))
def test_damaged_bytes_are_refused(cut: int, data: bytes) -> None:
    whole = pack(next(iter(builder())))
    with pytest.raises(ValueError, match="snapshot"):
        unpack(whole[:-cut])
    with pytest.raises(ValueError, match="snapshot"):
        unpack(data)


def session() -> Session:
    """Three bars: the call is quoted in the first and third, the put in the second."""
    return Session(
        day=date(2022, 6, 8),
        underlying="NIFTY",
        bar=timedelta(minutes=1),
        contracts=(CALL, PUT),
        times=tuple(OPEN + timedelta(minutes=n) for n in range(3)),
        spot_paise=(16_446_35, None, 16_414_55),
        vix=(None, None, None),
        prices=np.array([[100_00, 0], [0, 90_00], [101_00, 0]], dtype=np.int32),
    )


def builder() -> SnapshotBuilder:
    return SnapshotBuilder(session(), {CALL: 11, PUT: 12}, market_id=7)


def test_a_snapshot_per_event_with_carried_prices() -> None:
    one, two, three = builder()
    assert [(s.seq, s.at, s.market_id) for s in (one, two, three)] == [
        (n + 1, OPEN + timedelta(minutes=n), 7) for n in range(3)
    ]
    assert (one.fresh(), one.marks()) == ({11: 100_00}, {11: 100_00})
    assert (two.fresh(), two.marks()) == ({12: 90_00}, {11: 100_00, 12: 90_00})
    assert (three.fresh(), three.marks()) == ({11: 101_00}, {11: 101_00, 12: 90_00})


def test_spot_is_that_of_the_event_only() -> None:
    assert [snapshot.spot for snapshot in builder()] == [{"NIFTY": 16_446_35}, {}, {"NIFTY": 16_414_55}]


def test_age_counts_events() -> None:
    one, _, three = builder()
    assert (three.age(11), three.age(12), one.age(12), one.age(99)) == (0, 1, None, None)


def test_a_feed_that_starts_anew_goes_on_where_the_market_stands() -> None:
    assert [pack(s) for s in builder().after(1)] == [pack(s) for s in list(builder())[1:]]
    assert len(builder()) == 3


@pytest.mark.parametrize("seq", [0, 4])
def test_events_outside_the_session_do_not_exist(seq: int) -> None:
    with pytest.raises(IndexError, match="events 1 to 3"):
        builder().snapshot(seq)


def test_every_contract_needs_an_instrument() -> None:
    with pytest.raises(OperatorError, match="1 contracts of the session"):
        SnapshotBuilder(session(), {CALL: 11}, market_id=7)


NAN = np.nan
COLUMNS = {
    "bid": [[99.95, 89.9], [NAN, 90.05], [100.9, NAN]],
    "ask": [[100.05, 90.1], [NAN, 90.15], [101.1, NAN]],
    "volume": [[50, 0], [NAN, 25], [75, NAN]],
    "oi": [[5_000, 100], [NAN, 125], [4_975, NAN]],
    "oi_chg": [[-50, 0], [NAN, 25], [-75, NAN]],
}


def with_columns(*, volume_is_total: bool = False) -> SnapshotBuilder:
    """The three bars with columns; in the first the put is listed without a trade, in the third it is not."""
    cell, flat = np.arange(6), {name: np.array(rows).ravel() for name, rows in COLUMNS.items()}
    read = {name: (lambda values=values: values) for name, values in flat.items()}
    columns = OptionalColumns((3, 2), cell, cell, read)
    whole = replace(session(), optional=columns, volume_is_total=volume_is_total)
    return SnapshotBuilder(whole, {CALL: 11, PUT: 12}, market_id=7)


def test_columns_are_carried_as_their_rows_are() -> None:
    one, two, three = with_columns()
    assert [s.column("bid").tolist() for s in (one, two, three)] == [
        [99_95, 89_90],  # quoted although the put had no trade yet
        [99_95, 90_05],
        [100_90, 90_05],
    ]
    assert three.column("ask").tolist() == [101_10, 90_15]
    assert three.column("oi").tolist() == [4_975, 125]
    assert three.column("oi_chg").tolist() == [-75, 25]
    assert three.column("bid_qty").tolist() == [0, 0]


def test_the_stamp_of_a_row_is_the_time_of_its_event() -> None:
    _, _, three = with_columns()
    bar, opened = 60_000_000, int(OPEN.timestamp()) * 1_000_000
    assert three.column("exch_us").tolist() == [opened + 2 * bar, opened + bar]


def test_volume_is_that_of_the_day_whether_the_file_has_bars_or_totals() -> None:
    assert with_columns().snapshot(3).column("volume").tolist() == [125, 25]
    assert with_columns(volume_is_total=True).snapshot(3).column("volume").tolist() == [75, 25]

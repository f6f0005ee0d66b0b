"""Futures, bars and the VIX in recorded sessions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from markets.models import Instrument
from markets.quotes import SnapshotBuilder
from markets.services import instruments_ensure
from markets.sessions import ContractKey, Session, load_session
from tests.db.markets.files import EXPIRY, at, option, write_index, write_options

DAY = date(2022, 6, 8)
MONTH = date(2022, 6, 30)
FUTURE = ContractKey(MONTH, 0, "FUT")
CALL = ContractKey(EXPIRY, 16_500_00, "CE")


def future(time: str, close: float, strike: float | None = 0, **more: Any) -> dict[str, Any]:
    return option(time, close, strike, "FUT") | {"expiry": MONTH} | more  # type: ignore[arg-type]


def loaded(folder: Path, rows: list[dict[str, Any]], index: list[dict[str, Any]] | None = None) -> Session:
    file = write_index(folder, [("09:15", 16_446.35), ("09:16", 16_422.45)])
    if index is not None:
        pq.write_table(pa.Table.from_pylist([row | {"ts": at(row["ts"])} for row in index]), file)
    return load_session(options=write_options(folder, rows), index=file, day=DAY, underlying="NIFTY")


@pytest.mark.parametrize("strike", [0, None, 16_500])
def test_a_future_has_no_strike(tmp_path: Path, strike: float | None) -> None:
    session = loaded(tmp_path, [future("09:15", 16_480.5, strike), option("09:15", 100)])
    assert session.contracts == (CALL, FUTURE)
    assert session.prices.tolist() == [[100_00, 16_480_50], [0, 0]]
    assert session.warnings == {}


def test_an_option_still_needs_one(tmp_path: Path) -> None:
    session = loaded(tmp_path, [future("09:15", 16_480.5), option("09:15", 100, 0)])
    assert session.contracts == (FUTURE,)
    assert session.warnings == {"bad_contracts": 1}


def test_a_future_is_listed_and_quoted(tmp_path: Path) -> None:
    session = loaded(tmp_path, [future("09:15", 16_480.5), future("09:16", 16_471), option("09:15", 100)])
    listed = instruments_ensure(session)
    row = listed[FUTURE]
    assert (row.kind, row.strike_paise, row.lot_size, row.symbol) == ("FUT", None, 50, "NIFTY 30 JUN FUT")
    assert instruments_ensure(session)[FUTURE].pk == row.pk
    assert Instrument.objects.filter(kind="FUT").count() == 1
    ids = {contract: instrument.pk for contract, instrument in listed.items()}
    snapshot = SnapshotBuilder(session, ids, market_id=1).snapshot(2)
    assert snapshot.fresh() == {row.pk: 16_471_00}


def test_the_vix_is_a_spot_of_the_event(tmp_path: Path) -> None:
    index = [
        {"ts": "09:15", "spot": 16_446.35, "vix": 19.9375},
        {"ts": "09:16", "spot": 16_422.45, "vix": None},
    ]
    session = loaded(tmp_path, [option("09:15", 100)], index)
    one, two = SnapshotBuilder(session, {CALL: 1}, market_id=1)
    assert one.spot == {"NIFTY": 16_446_35, "INDIAVIX": 19_94}
    assert two.spot == {"NIFTY": 16_422_45}


def bar(time: str, prices: tuple[float | None, ...], **more: Any) -> dict[str, Any]:
    opened, high, low, close = prices
    return option(time, close, **more) | {"open": opened, "high": high, "low": low}


def test_bars_as_paise(tmp_path: Path) -> None:
    session = loaded(tmp_path, [bar("09:15", (100, 112.05, 98.5, 101)), bar("09:16", (101, 103, 99, 99))])
    bars = session.ohlc()
    assert bars is not None
    assert [part[:, 0].tolist() for part in bars] == [
        [100_00, 101_00], [112_05, 103_00], [98_50, 99_00], [101_00, 99_00]
    ]  # fmt: skip
    assert {part.dtype for part in bars} == {np.dtype(np.int32)}


def test_bars_that_contradict_themselves_are_made_whole(tmp_path: Path) -> None:
    rows = [bar("09:15", (None, 90, 110, 100)), bar("09:16", (105, None, None, 99))]
    bars = loaded(tmp_path, rows).ohlc()
    assert bars is not None
    assert [part[:, 0].tolist() for part in bars] == [
        [100_00, 105_00], [100_00, 105_00], [100_00, 99_00], [100_00, 99_00]
    ]  # fmt: skip


def test_there_is_no_bar_without_a_price(tmp_path: Path) -> None:
    rows = [bar("09:15", (100, 101, 99, 100)), bar("09:16", (50, 51, 49, 50), strike=16_400)]
    bars = loaded(tmp_path, rows).ohlc()
    assert bars is not None
    assert [part.tolist() for part in bars][2] == [[0, 99_00], [49_00, 0]]


def test_closes_alone_are_no_bars(tmp_path: Path) -> None:
    session = loaded(tmp_path, [option("09:15", 100)])
    assert session.ohlc() is None
    assert session.spot_ohlc is None


def test_the_book_as_paise(tmp_path: Path) -> None:
    rows = [option("09:15", 100, bid=99.95, ask=100.05), option("09:16", 100, bid=None, ask=100.1)]
    session = loaded(tmp_path, rows)
    assert (session.paise("bid").tolist(), session.paise("ask").tolist()) == (
        [[99_95], [0]], [[100_05], [100_10]]
    )  # fmt: skip
    with pytest.raises(KeyError, match="no column 'open'"):
        session.paise("open")


def index_bar(time: str, opened: float, high: float, low: float, close: float) -> dict[str, Any]:
    return {"ts": time, "open": opened, "high": high, "low": low, "spot": close}


def test_bars_of_the_index(tmp_path: Path) -> None:
    index = [index_bar("09:15", 16_440, 16_450.05, 16_430, 16_446)]
    session = loaded(tmp_path, [option("09:15", 100), option("09:16", 101)], index)
    assert session.spot_ohlc is not None
    assert [part.tolist() for part in session.spot_ohlc] == [
        [16_440_00, 0], [16_450_05, 0], [16_430_00, 0], [16_446_00, 0]
    ]  # fmt: skip


def test_finer_bars_of_the_index_are_merged(tmp_path: Path) -> None:
    index = [index_bar(f"09:{15 + n}", 100 + n, 110 - n, 90 + n, 101 + n) for n in range(6)]
    rows = [option(time, 100) for time in ("09:15", "09:18", "09:21")]
    session = loaded(tmp_path, rows, index)
    assert session.spot_ohlc is not None
    assert [part.tolist() for part in session.spot_ohlc] == [
        [100_00, 103_00, 0], [110_00, 107_00, 0], [90_00, 93_00, 0], [103_00, 106_00, 0]
    ]  # fmt: skip
    assert session.spot_paise == (103_00, 106_00, None)

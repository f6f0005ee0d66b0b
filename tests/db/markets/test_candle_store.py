"""Candles on disk: ranges, replaced rows, crashes in the middle of a write, gaps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from markets.candle_backfill import Filled, candles_backfill
from markets.candle_store import CandleStore, Series, candle_store, rows_of
from markets.domain.bars import Bars, Interval, micros
from markets.selectors.candles import candle_gaps, candles_of
from markets.services import index_instrument
from markets.session_files import SessionDataError
from qlplatform.core.clock import IST
from qlplatform.core.errors import OperatorError

DAY = date(2024, 1, 10)
OPEN = datetime(2024, 1, 10, 9, 15, tzinfo=IST)
INDEX, CALL = Series("INDEX"), Series("CE", date(2024, 1, 11), 21_500_00)


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> CandleStore:
    settings.VAR_DIR = tmp_path / "var"
    return candle_store()


def bars(
    count: int, *, first: int = 0, close: int = 21_500_00, start: datetime = OPEN, step: int = 1
) -> Bars:
    ts = micros(start) + np.arange(first, first + count, dtype=np.int64) * 60_000_000 * step
    flat = np.full(count, close, dtype=np.int64)
    zeros = np.zeros(count, dtype=np.int64)
    return Bars(step, zeros, ts, flat, flat, flat, flat, zeros + 75, zeros + 150, zeros)


def put(store: CandleStore, found: Bars, series: Series = INDEX, interval: Interval = 1) -> Any:
    return store.append("NSE", "NIFTY", interval, rows_of(found, [series]))


def closes(store: CandleStore, series: Series | None = INDEX, interval: Interval = 1) -> list[int]:
    rows = store.read("NSE", "NIFTY", interval, OPEN, OPEN + timedelta(days=400), series)
    found: list[int] = rows["close"].to_pylist()
    return found


def test_what_was_written_is_read_by_contract_and_range(store: CandleStore) -> None:
    put(store, bars(375))
    put(store, bars(10, close=120_00), CALL)
    assert len(closes(store)) == 375
    assert closes(store, CALL) == [120_00] * 10
    part = store.read("NSE", "NIFTY", 1, OPEN + timedelta(minutes=5), OPEN + timedelta(minutes=8), INDEX)
    assert part.num_rows == 3
    assert store.days("NSE", "NIFTY", 1) == (DAY,)


def test_the_same_rows_twice_change_nothing_and_new_ones_replace(store: CandleStore) -> None:
    first, again = put(store, bars(5)), put(store, bars(5))
    assert ((first.added, first.replaced), (again.added, again.replaced)) == ((5, 0), (0, 5))
    put(store, bars(2, first=4, close=21_600_00))
    assert closes(store) == [21_500_00] * 4 + [21_600_00] * 2


def test_prices_are_kept_as_int32_paise(store: CandleStore) -> None:
    put(store, bars(1))
    path = store.folder("NSE", "NIFTY", 1) / "2024-01-10.parquet"
    assert pq.read_schema(path).field("close").type == pa.int32()


@pytest.mark.parametrize(
    ("interval", "name"), [(5, "2024-01-10"), (15, "2024-01"), (60, "2024-01"), ("day", "2024")]
)
def test_longer_bars_share_files(store: CandleStore, interval: Interval, name: str) -> None:
    put(store, bars(1), interval=interval)
    assert [path.stem for path in store.folder("NSE", "NIFTY", interval).glob("*.parquet")] == [name]
    assert store.days("NSE", "NIFTY", interval) == (DAY,)


def test_a_damaged_file_is_named(store: CandleStore) -> None:
    put(store, bars(1))
    path = store.folder("NSE", "NIFTY", 1) / "2024-01-10.parquet"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(OperatorError, match=r"2024-01-10.parquet is damaged"):
        closes(store)


WRITER = """
import sys
import django
django.setup()
from pathlib import Path
from markets.candle_store import CandleStore, Series, rows_of
from tests.db.markets.test_candle_store import bars
store = CandleStore(Path(sys.argv[1]))
for n in range(10_000):
    store.append("NSE", "NIFTY", 1, rows_of(bars(375, close=100 + n), [Series("INDEX")]))
    print(n, flush=True)
"""


@pytest.mark.parametrize("delay_ms", [0, 7, 15])
def test_a_writer_killed_at_any_moment_leaves_whole_files(store: CandleStore, delay_ms: int) -> None:
    command = [sys.executable, "-c", WRITER, str(store.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ, text=True) as writer:  # noqa: S603
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(delay_ms / 1000)
        writer.send_signal(signal.SIGKILL)
    found = closes(store)
    assert len(found) == 375
    assert len(set(found)) == 1  # all rows of one write


def test_days_and_minutes_that_lack(store: CandleStore) -> None:
    put(store, bars(10))
    put(store, bars(350, first=20))
    put(store, bars(375), CALL)
    gaps = candle_gaps("NIFTY", date(2024, 1, 10), date(2024, 1, 15))
    assert [gap.day.day for gap in gaps] == [10, 11, 12, 15]  # a weekend between
    first = gaps[0]
    assert (first.expected, first.bars, first.contracts, first.complete_contracts) == (375, 360, 1, 1)
    assert [(f"{each.start.astimezone(IST):%H:%M}", each.bars) for each in first.missing] == [
        ("09:25", 10),
        ("15:25", 5),
    ]
    assert gaps[1].missing == ()


def test_stored_longer_bars_go_before_put_together_ones(store: CandleStore) -> None:
    put(store, bars(375))
    put(store, bars(25, close=21_700_00, step=15), interval=15)
    index = index_instrument("NIFTY")
    found = candles_of(index, 15, OPEN, OPEN + timedelta(days=1))
    assert set(found.close.tolist()) == {21_700_00}
    assert set(candles_of(index, 5, OPEN, OPEN + timedelta(days=1)).close.tolist()) == {21_500_00}
    assert set(candles_of(index, 30, OPEN, OPEN + timedelta(days=1)).close.tolist()) == {21_700_00}
    assert found.key.tolist() == [index.pk] * 25


# -- back-fill ----------------------------------------------------------------------------------------------


def row(clock: str, close: float = 21_500.0, **more: object) -> dict[str, object]:
    prices = {"open": close, "high": close, "low": close, "close": close}
    return {"ts": datetime.fromisoformat(f"2024-01-10T{clock}:00")} | prices | more


def backfill(folder: Path, *rows: dict[str, object], **more: Any) -> Filled:
    path = folder / "bars.parquet"
    pq.write_table(pa.Table.from_pylist(list(rows)), path)
    (filled,) = candles_backfill(path, "NIFTY", **more)
    return filled


def test_what_is_no_bar_of_a_trading_day_is_counted(tmp_path: Path) -> None:
    holiday = row("09:15") | {"ts": datetime(2024, 1, 26, 9, 15)}  # noqa: DTZ001 - as in the files
    unknown = row("09:15") | {"ts": datetime(2009, 1, 5, 9, 55)}  # noqa: DTZ001
    filled = backfill(
        tmp_path,
        row("09:16"),
        row("09:15"),
        row("09:17"),
        row("09:18"),
        row("09:17", 21_501.0),
        row("09:07"),
        row("15:30"),
        row("09:19", 0.0),
        row("09:20", float("nan")),
        holiday,
        unknown,
    )
    assert filled.dropped == {
        "duplicates": 1,
        "outside_session": 2,
        "bad_price": 2,
        "not_a_trading_day": 1,
        "calendar_unknown": 1,
    }
    assert (filled.interval, filled.written.added, filled.unsorted) == (1, 4, 5)


def test_a_high_below_the_close_is_widened(tmp_path: Path, store: CandleStore) -> None:
    filled = backfill(tmp_path, row("09:15", 100.0, high=90.0), row("09:16"))
    assert filled.widened == 1
    assert store.read("NSE", "NIFTY", 1, OPEN, OPEN + timedelta(days=1))["high"].to_pylist()[0] == 100_00


def test_prices_in_paise_are_refused(tmp_path: Path, store: CandleStore) -> None:
    put(store, bars(375))
    with pytest.raises(SessionDataError, match="100 times those known of NIFTY") as refused:
        backfill(tmp_path, row("09:15", 2_150_000.0), row("09:16", 2_150_000.0))
    assert refused.value.code == "wrong_units"
    assert set(closes(store)) == {21_500_00}


def test_options_and_symbols(tmp_path: Path, store: CandleStore) -> None:
    of_option = {"expiry": CALL.expiry, "strike": 21_500.0, "volume": 75, "oi": 150}
    mine = [row(clock, 120.0, right="CE", symbol="NIFTY", **of_option) for clock in ("09:15", "09:16")]
    other = row("09:15", 120.0, right="CE", symbol="BANKNIFTY", **of_option)
    bad = row("09:15", 120.0, right="XX", symbol="NIFTY", **of_option)
    filled = backfill(tmp_path, *mine, other, bad)
    assert filled.dropped == {"other_underlying": 1, "bad_contract": 1}
    assert closes(store, CALL) == [120_00, 120_00]


def test_bars_off_the_grid_are_left_out(tmp_path: Path) -> None:
    good = [row(clock) for clock in ("09:15", "09:20", "09:25")]
    filled = backfill(tmp_path, *good, row("09:31"), interval=5)
    assert (filled.interval, filled.written.added, filled.dropped) == (5, 3, {"off_grid": 1})


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    backfill(tmp_path, row("09:15"), row("09:16"))
    call_command("candles", "backfill", str(tmp_path / "bars.parquet"), underlying="nifty")
    assert "bars of 1 min, 1 days, 0 new, 2 already there; left out: none" in capsys.readouterr().out
    call_command("candles", "gaps", "--underlying=NIFTY", "--from=2024-01-10", "--to=2024-01-11")
    assert capsys.readouterr().out.splitlines() == [
        "2024-01-10 Wed  2 of 375, lacks 09:17-15:30; 0 of 0 contracts complete",
        "2024-01-11 Thu  no index candles, 0 contracts",
    ]
    with pytest.raises(CommandError, match="unreadable_file"):
        call_command("candles", "backfill", str(tmp_path / "none.parquet"), underlying="NIFTY")

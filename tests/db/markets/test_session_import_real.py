"""Real captures become session sets: counts, units and prices against what is known of the files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from pytest_django import Settings

from markets.candle_backfill import candles_backfill
from markets.candle_store import Series, bars_of, candle_store
from markets.domain.bars import EPOCH, MICROSECOND, Bars, concat
from markets.domain.candles import Ticks, from_history
from markets.models import Instrument
from markets.quotes import SnapshotBuilder
from markets.selectors import calendar
from markets.services import instruments_ensure
from markets.session_files import SessionDataError
from markets.session_import import session_import
from markets.sessions import ContractKey, Session, session_sources
from qlplatform.core.clock import IST
from tests.factories.reference import reference

NEAR = date(2025, 9, 2)


@pytest.fixture(autouse=True)
def _own_var(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def imported(*paths: Path, underlying: str = "NIFTY", **more: Any) -> dict[str, Any]:
    return session_import(paths=paths, underlying=underlying, name="own", **more)


def session(day: date) -> Session:
    return session_sources()["own"].load(day)


def test_a_full_day_of_chain_snapshots() -> None:
    told = imported(reference("data", "nse_chain_2025_08_29", "NIFTY.parquet"))
    assert (told["kind"], told["events"], told["option_rows"]) == ("snapshots", 292, 179_714)
    assert told["dropped"] == {"repeated_snapshot": 4_732, "nothing_quoted": 17_634}
    units = {family: unit["found"] for family, unit in told["units"].items()}
    assert units == {"open interest": "contracts", "volume": "contracts", "quantities": "units"}
    assert told["spot"].startswith("put-call parity forward of the nearest expiry")

    loaded = session(date(2025, 8, 29))
    assert (loaded.kind, len(loaded.contracts), loaded.warnings) == ("snapshots", 616, {})
    assert loaded.times[0] == datetime(2025, 8, 29, 3, 52, 45, tzinfo=UTC)
    assert loaded.times[-1] == datetime(2025, 8, 29, 9, 57, 27, tzinfo=UTC)
    place = loaded.contracts.index(ContractKey(NEAR, 23_200_00, "PE"))
    event = loaded.times.index(datetime(2025, 8, 29, 7, 6, 21, tzinfo=UTC))
    assert loaded.prices[event, place] == 1_35
    row = {name: loaded.matrix(name)[event, place] for name in ("oi", "oi_chg", "volume", "bid", "ask_qty")}
    assert row == {
        "oi": 16_458 * 75,
        "oi_chg": 3_818 * 75,
        "volume": 77_791 * 75,
        "bid": 1.35,
        "ask_qty": 165_900,
    }


def test_a_chain_of_four_expiries_is_listed_and_quoted() -> None:
    imported(reference("data", "nse_chain_2025_08_29", "NIFTY.parquet"))
    loaded = session(date(2025, 8, 29))
    listed = instruments_ensure(loaded)
    assert {row.lot_size for row in listed.values()} == {75}
    assert len({row.expiry for row in listed.values()}) == 4

    ids = {contract: row.pk for contract, row in listed.items()}
    snapshot = SnapshotBuilder(loaded, ids, market_id=1).snapshot(292)
    place = loaded.contracts.index(ContractKey(NEAR, 24_500_00, "CE"))
    bid, ask = (int(snapshot.column(name)[place]) for name in ("bid", "ask"))
    assert 0 < bid <= int(snapshot.ltp[place]) + 5_00
    assert bid < ask
    assert int(snapshot.column("oi")[place]) % 75 == 0


def test_the_forward_stands_in_for_the_index() -> None:
    imported(reference("data", "nse_chain_2025_08_29", "NIFTY.parquet"))
    loaded = session(date(2025, 8, 29))
    spots = np.array(loaded.spot_paise, dtype=np.float64) / 100
    gaps = np.array([loaded.gap_after(event).total_seconds() for event in range(1, len(spots))])
    assert 24_400 < spots.min() < spots.max() < 24_650
    assert gaps.max() == 18 * 60 + 30  # the capture has a hole
    assert np.abs(np.diff(spots))[gaps < 180].max() < 25


def test_pages_in_a_zip() -> None:
    told = imported(reference("data", "nse_chain_csv_2026_05_26", "snapshots.zip"))
    assert (told["events"], told["option_rows"], told["dropped"]) == (16, 4_608, {})
    assert told["lots"] == {"2026-05-26": 65}
    assert told["notes"] == [
        "the page does not tell its expiry: 2026-05-26 is the nearest by the rules of that time"
    ]
    loaded = session(date(2026, 5, 26))
    assert loaded.times[0] == datetime(2026, 5, 26, 5, 3, 37, tzinfo=UTC)
    place = loaded.contracts.index(ContractKey(date(2026, 5, 26), 20_500_00, "PE"))
    assert loaded.matrix("oi")[0, place] == 6_152 * 65
    assert loaded.matrix("bid_qty")[0, place] == 1_53_140
    assert loaded.prices[0, place] == 20


def test_snapshots_with_a_spot_and_units_of_their_own() -> None:
    told = imported(reference("data", "nse_chain_2018_2019", "NIFTY.parquet"), day=date(2019, 5, 23))
    units = {family: unit["found"] for family, unit in told["units"].items()}
    assert units == {"open interest": "units", "volume": "contracts", "quantities": "units"}
    assert (told["days"], told["spot"]) == (["2019-05-23"], "the file's own")
    loaded = session(date(2019, 5, 23))
    assert 11_600_00 < (loaded.spot_paise[-1] or 0) < 12_041_00  # election day: high 12,041.15
    assert loaded.gap_after(1).total_seconds() == 15 * 60


def test_days_whose_holidays_are_not_known_are_left_out() -> None:
    with pytest.raises(Exception, match="Not one row of NIFTY can be used") as refused:
        imported(reference("data", "nse_chain_2018_2019", "NIFTY.parquet"), day=date(2018, 10, 7))
    assert getattr(refused.value, "code", "") == "nothing_usable"


def test_last_prices_without_quotes() -> None:
    told = imported(reference("data", "index_chain_ltp_2026_02", "chain.parquet"), underlying="BANKNIFTY")
    assert (told["events"], told["days"]) == (78, ["2026-02-02", "2026-02-03"])
    assert told["units"]["open interest"]["found"] == "units"
    loaded = session(date(2026, 2, 3))
    place = loaded.contracts.index(ContractKey(date(2026, 2, 24), 60_200_00, "CE"))
    event = loaded.times.index(datetime(2026, 2, 3, 6, 48, 11, tzinfo=UTC))
    assert (loaded.prices[event, place], loaded.matrix("oi")[event, place]) == (859_10, 224_880)
    assert loaded.spot_paise[event] == 60_175_75


def test_bars_with_an_index_of_their_own() -> None:
    folder = reference("data", "nifty_options_3m_exp20230720")
    told = imported(folder / "options.parquet", folder / "index.parquet")
    assert (told["kind"], len(told["days"]), told["events"]) == ("bars", 13, 13 * 125)
    assert (told["option_rows"], told["dropped"]) == (185_204, {})
    loaded = session(date(2023, 7, 5))
    assert (loaded.bar.total_seconds(), len(loaded.times), len(loaded.contracts)) == (180, 125, 148)


def test_index_ticks_are_a_set_without_options() -> None:
    told = imported(reference("data", "index_ticks_2021", "16-April-2021.parquet"))
    assert (told["kind"], told["events"]) == ("ticks", 19_658)
    assert told["dropped"] == {"other_underlying": 20_110, "duplicates": 55}
    loaded = session(date(2021, 4, 16))
    assert (len(loaded.contracts), loaded.spot_paise[0]) == (0, 14_597_85)
    assert len(instruments_ensure(loaded)) == 0
    assert Instrument.objects.filter(kind="INDEX", underlying="NIFTY").exists()


def test_stale_snapshots_are_refused(tmp_path: Path) -> None:
    table = pq.read_table(reference("data", "nse_chain_2025_08_29", "NIFTY.parquet")).slice(0, 700)
    day = 86_400_000_000
    late = np.array(table["collected"].cast("int64")) + day
    index = table.column_names.index("collected")
    stale = table.set_column(index, "collected", [late.astype("datetime64[us]")])
    pq.write_table(stale, tmp_path / "stale.parquet")
    with pytest.raises(SessionDataError, match="the exchange's page had not moved on") as refused:
        imported(tmp_path / "stale.parquet")
    assert refused.value.code == "stale_snapshots"
    assert session_sources().keys() == {"nifty_2022-06"}


def test_the_command_tells_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    capture = reference("data", "nse_chain_csv_2026_05_26", "snapshots.zip")
    call_command("import_session", str(capture), underlying="nifty", name="own")
    said = capsys.readouterr().out
    assert "own: NIFTY, snapshots, 1 days from 2026-05-26" in said
    assert "open interest: contracts in the file" in said
    call_command("sessions")
    assert "own (NIFTY, own, 1 days)" in capsys.readouterr().out


# -- candles ------------------------------------------------------------------------------------------------


def test_minutes_of_2025_without_pre_open_and_closing_stamps() -> None:
    (filled,) = candles_backfill(reference("data", "index_history", "nifty_1m_2025.parquet"), "NIFTY")
    assert (filled.interval, filled.days, filled.written.added) == (1, 22, 22 * 375)
    assert filled.dropped == {"outside_session": 59}


def test_a_saturday_with_two_sittings_has_105_minutes() -> None:
    path = reference("data", "index_history", "nifty_banknifty_1m_2024.parquet")
    candles_backfill(path, "BANKNIFTY")
    rows = candle_store().read("NSE", "BANKNIFTY", 1, *_day(date(2024, 3, 2)))
    assert rows.num_rows == 105
    assert len(candle_store().days("NSE", "BANKNIFTY", 1)) == 100


def _day(day: date) -> tuple[datetime, datetime]:
    start = datetime(day.year, day.month, day.day, tzinfo=IST)
    return start, start.replace(hour=23)


def test_candles_of_real_ticks_equal_an_independent_series() -> None:
    """Ticks polled once a second miss extremes; closes of 15 minutes differ by at most a few basis points."""
    candles_backfill(reference("data", "index_history", "nifty_15m.parquet"), "NIFTY")
    known, _ = bars_of(candle_store().read("NSE", "NIFTY", 15, *_day(date(2021, 4, 16)), Series("INDEX")), 15)
    built = _candles_of_ticks(date(2021, 4, 16), "16-April-2021.parquet")
    assert built.ts_us.tolist() == known.ts_us.tolist()
    assert len(built) == 25
    off = np.abs(built.close - known.close) / known.close * 10_000
    assert np.median(off) < 0.3
    assert off.max() < 3
    assert (built.high <= known.high + 2_00).all()
    assert EPOCH + int(built.ts_us[0]) * MICROSECOND == datetime(2021, 4, 16, 3, 45, tzinfo=UTC)


def _candles_of_ticks(day: date, name: str) -> Bars:
    table = pq.read_table(reference("data", "index_ticks_2021", name))
    rows = table.filter([symbol == "NIFTY" for symbol in table["symbol"].to_pylist()])
    at = np.array(rows["ts"].cast("int64")) - 19_800_000_000
    ltp = np.rint(np.array(rows["ltp"]) * 100).astype(np.int64)
    none = np.zeros(len(at), dtype=np.int64)
    hours = calendar().session(day)
    assert hours is not None
    return concat(from_history((1,), Ticks(none, ltp, none, none, at), hours, (15,)), 15)

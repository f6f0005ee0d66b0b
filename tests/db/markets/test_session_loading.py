"""Loading a day from Parquet: what is read, what is left out and counted, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from markets.sessions import ContractKey, Session, SessionDataError, bundled_sources, load_session
from tests.db.markets.files import EXPIRY, at, option, write_index, write_options

DAY = date(2022, 6, 8)
SPOTS = [("09:15", 16_446.35), ("09:16", 16_422.45)]
CALL = ContractKey(EXPIRY, 16_500_00, "CE")


def load(options: Path, index: Path, day: date = DAY) -> Session:
    return load_session(options=options, index=index, day=day, underlying="NIFTY")


def loaded(
    folder: Path, rows: list[dict[str, Any]], spots: list[tuple[str, float | None]] = SPOTS
) -> Session:
    return load(write_options(folder, rows), write_index(folder, spots))


def refused(options: Path, index: Path, day: date = DAY) -> SessionDataError:
    with pytest.raises(SessionDataError) as caught:
        load(options, index, day)
    return caught.value


def test_bars_become_events_at_their_end(tmp_path: Path) -> None:
    session = loaded(
        tmp_path, [option("09:15", 946.8), option("09:16", 950.05), option("09:16", 12.3, 16_450, "PE")]
    )
    assert session.bar == timedelta(minutes=1)
    assert session.times == (datetime(2022, 6, 8, 3, 46, tzinfo=UTC), datetime(2022, 6, 8, 3, 47, tzinfo=UTC))
    assert session.contracts == (ContractKey(EXPIRY, 16_450_00, "PE"), CALL)
    assert session.prices.tolist() == [[0, 946_80], [12_30, 950_05]]
    assert session.spot_paise == (16_446_35, 16_422_45)
    assert session.warnings == {}


def test_contracts_are_ordered_by_expiry_strike_and_right(tmp_path: Path) -> None:
    rows = [option("09:15", 1, strike, right) for strike in (16_550, 16_450.5) for right in ("PE", "CE")]
    rows.append(option("09:15", 1) | {"expiry": date(2022, 6, 2)})
    contracts = loaded(tmp_path, rows).contracts
    assert list(contracts) == sorted(contracts)
    assert contracts[0].expiry == date(2022, 6, 2)
    assert contracts[1] == (EXPIRY, 16_450_50, "CE")


def test_a_bar_of_the_index_alone_is_an_event_too(tmp_path: Path) -> None:
    session = loaded(
        tmp_path, [option("09:15", 10), option("09:16", 10)], [*SPOTS, ("09:17", None), ("09:18", 16_400)]
    )
    assert len(session.times) == 4
    assert session.prices[:, 0].tolist() == [1000, 1000, 0, 0]
    assert session.spot_paise == (16_446_35, 16_422_45, None, 16_400_00)


def test_bar_length_is_the_commonest_gap(tmp_path: Path) -> None:
    rows = [option(time, 10) for time in ("09:15", "09:18", "09:19", "09:21", "09:24")]
    session = loaded(tmp_path, rows, [("09:15", 1.0), ("09:18", 2.0)])
    assert session.bar == timedelta(minutes=3)
    assert session.times[0] == datetime(2022, 6, 8, 3, 48, tzinfo=UTC)


def test_of_a_finer_index_the_last_row_of_a_bar_counts(tmp_path: Path) -> None:
    rows = [option(time, 10) for time in ("09:15", "09:18", "09:21")]
    index = [(f"09:{minute}", 16_400.0 + minute) for minute in range(15, 23)]
    session = loaded(tmp_path, rows, index)
    assert session.spot_paise == (16_417_00, 16_420_00, 16_422_00)


def test_nifty_is_an_alias_of_spot_and_vix_is_optional(tmp_path: Path) -> None:
    options, index = write_options(tmp_path, [option("09:15", 10)]), write_index(tmp_path, SPOTS, "nifty")
    session = load(options, index)
    assert (session.spot_paise[0], session.vix[0]) == (16_446_35, None)


def test_aware_times_are_turned_into_ist(tmp_path: Path) -> None:
    utc = option("09:15", 10) | {"ts": datetime(2022, 6, 8, 3, 45, tzinfo=UTC)}
    options = write_options(tmp_path, [utc], ts=pa.timestamp("ns", tz="UTC"))
    assert load(options, write_index(tmp_path, SPOTS)).times[0] == datetime(2022, 6, 8, 3, 46, tzinfo=UTC)


def test_expiry_may_be_a_date_a_time_or_iso_text(tmp_path: Path) -> None:
    ist = timezone(timedelta(hours=5, minutes=30))
    for number, expiry in enumerate((EXPIRY, datetime(2022, 6, 9, tzinfo=ist), "2022-06-09")):
        row = option("09:15", 10) | {"expiry": expiry}
        options = write_options(tmp_path, [row], name=f"options{number}.parquet")
        assert load(options, write_index(tmp_path, SPOTS)).contracts == (CALL,)


def test_unusable_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    bad = [option("09:16", close, 16_000) for close in (None, float("nan"), float("inf"), 0.0, -5.0)]
    early_and_late = [option("09:14", 10), option("15:30", 10)]
    nameless = [option("09:16", 10, strike=0), option("09:16", 10) | {"expiry": None}]
    session = loaded(tmp_path, [option("09:15", 10), *bad, *early_and_late, *nameless])
    assert session.contracts == (CALL,)
    assert session.warnings == {"bad_prices": 5, "outside_session": 2, "bad_contracts": 2}
    assert "2 rows outside the trading hours of the day were left out" in session.warning_texts()


def test_of_repeated_rows_the_first_is_kept(tmp_path: Path) -> None:
    session = loaded(
        tmp_path, [option("09:15", 10), option("09:15", 11), option("09:16", 12)], [*SPOTS, ("09:15", 1.0)]
    )
    assert session.prices[:, 0].tolist() == [1000, 1200]
    assert session.spot_paise[0] == 16_446_35
    assert session.warnings == {"duplicates": 2}


def test_only_the_day_asked_for_is_read(tmp_path: Path) -> None:
    other = option("09:15", 99) | {"ts": datetime(2022, 6, 9, 9, 15)}  # noqa: DTZ001  naive IST, as in the files
    session = loaded(tmp_path, [other, option("09:15", 10)])
    assert session.prices.tolist() == [[1000], [0]]


def test_optional_columns_are_there_when_asked_for(tmp_path: Path) -> None:
    rows = [option("09:15", 10, oi=50, note="x"), option("09:16", 11, 16_550, oi=None, note="y")]
    session = loaded(tmp_path, rows)
    assert session.columns == ("oi",)
    assert np.array_equal(session.matrix("oi"), [[50, np.nan], [np.nan, np.nan]], equal_nan=True)
    with pytest.raises(KeyError, match="no column 'bid'"):
        session.matrix("bid")


def test_both_sittings_of_a_special_saturday_are_read(tmp_path: Path) -> None:
    times = [datetime(2024, 3, 2, hour, minute) for hour, minute in ((9, 59), (10, 30), (11, 30))]  # noqa: DTZ001
    options = write_options(
        tmp_path, [option("09:15", 10) | {"ts": ts, "expiry": date(2024, 3, 7)} for ts in times]
    )
    index = _stamped(tmp_path, times)
    session = load(options, index, date(2024, 3, 2))
    assert len(session.times) == 2
    assert session.warnings == {"outside_session": 2}


def _stamped(folder: Path, times: list[datetime]) -> Path:
    pq.write_table(pa.table({"ts": times, "spot": [22_000.0] * len(times)}), folder / "index.parquet")
    return folder / "index.parquet"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    error = refused(tmp_path / "nowhere.parquet", write_index(tmp_path, SPOTS))
    assert (error.code, error.message) == (
        "unreadable_file",
        f"There is no file {tmp_path / 'nowhere.parquet'}.",
    )


def test_a_file_that_is_no_parquet_is_named(tmp_path: Path) -> None:
    csv = tmp_path / "options.csv"
    csv.write_text("ts,expiry,strike,right,close\n")
    error = refused(csv, write_index(tmp_path, SPOTS))
    assert (error.code, error.message) == ("unreadable_file", f"{csv} is not a readable Parquet file.")


def test_missing_columns_are_named(tmp_path: Path) -> None:
    rows = [{name: value for name, value in option("09:15", 10).items() if name not in ("right", "close")}]
    error = refused(write_options(tmp_path, rows), write_index(tmp_path, SPOTS))
    assert error.code == "wrong_columns"
    assert error.message == (
        "options.parquet lacks the columns right, close; it needs ts, expiry, strike, right, close and has "
        "ts, expiry, strike."
    )


def test_an_index_without_spot_is_refused(tmp_path: Path) -> None:
    error = refused(write_options(tmp_path, [option("09:15", 10)]), write_index(tmp_path, SPOTS, "price"))
    assert error.message == "index.parquet lacks the column spot; it needs ts, spot and has ts, price."


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("ts", "09:15", "must hold timestamps in IST; it holds string"),
        ("close", "ten", "must hold numbers; it holds string"),
        ("strike", "16500", "must hold numbers; it holds string"),
        ("right", 1, "must hold CE, PE or FUT; it holds int64"),
        ("expiry", 1.5, "must hold dates; it holds double"),
        ("right", "C", "must hold CE, PE or FUT; it also holds C"),
        ("right", None, "must hold CE, PE or FUT"),
    ],
)
def test_a_column_of_another_kind_is_named(tmp_path: Path, column: str, value: object, expected: str) -> None:
    error = refused(
        write_options(tmp_path, [option("09:15", 10) | {column: value}]), write_index(tmp_path, SPOTS)
    )
    assert error.code in {"wrong_columns", "wrong_right"}
    assert f"Column {column} of options.parquet" in error.message
    assert expected in error.message


def test_a_day_without_rows_tells_the_days_there_are(tmp_path: Path) -> None:
    error = refused(
        write_options(tmp_path, [option("09:15", 10)]), write_index(tmp_path, SPOTS), date(2022, 6, 10)
    )
    assert (error.code, error.message) == (
        "no_data_for_date",
        "options.parquet has no rows of 2022-06-10; it has 2022-06-08.",
    )
    assert error.context["dates"] == ["2022-06-08"]


def test_a_day_with_unusable_rows_only_is_refused(tmp_path: Path) -> None:
    options = write_options(tmp_path, [option("09:00", 10), option("09:15", 0)])
    assert refused(options, write_index(tmp_path, SPOTS)).code == "no_data_for_date"


def test_an_index_without_the_day_is_refused(tmp_path: Path) -> None:
    index = write_index(tmp_path, [("2022-06-09T09:15:00", 1.0)])
    error = refused(write_options(tmp_path, [option("09:15", 10)]), index)
    assert error.message == "index.parquet has no rows of 2022-06-08; it has 2022-06-09."


@pytest.mark.parametrize(("day", "why"), [("2022-06-11", "Saturday"), ("2022-08-15", "Independence Day")])
def test_a_closed_day_is_refused(tmp_path: Path, day: str, why: str) -> None:
    options, index = write_options(tmp_path, [option("09:15", 10)]), write_index(tmp_path, SPOTS)
    error = refused(options, index, date.fromisoformat(day))
    assert error.code == "not_a_trading_day"
    assert error.message == f"The exchange did not trade on {day} ({why}). options.parquet has 2022-06-08."


def test_an_index_coarser_than_the_options_is_refused(tmp_path: Path) -> None:
    options = write_options(tmp_path, [option("09:15", 10), option("09:16", 10)])
    error = refused(options, write_index(tmp_path, [("09:15", 1.0), ("09:30", 1.0)]))
    assert error.code == "index_too_coarse"
    assert "bars of index.parquet are 15 min long, those of the options 1 min" in error.message


def test_the_bundled_sessions_are_complete() -> None:
    source = bundled_sources()["nifty_2022-06"]
    assert (source.underlying, len(source.days)) == ("NIFTY", 15)
    assert (source.days[0], source.days[-1]) == (date(2022, 6, 8), date(2022, 6, 30))
    for day in source.days:
        session = source.load(day)
        assert (len(session.times), session.bar, session.warnings) == (375, timedelta(minutes=1), {})
        assert None not in session.spot_paise


def test_a_bundled_day_holds_the_prices_of_its_file() -> None:
    source = bundled_sources()["nifty_2022-06"]
    rows = pq.read_table(
        source.options, filters=[("ts", ">=", at("09:15")), ("ts", "<", at("15:30"))]
    ).to_pylist()
    session = source.load(DAY)
    event = {time: n for n, time in enumerate(session.times)}
    column = {contract: n for n, contract in enumerate(session.contracts)}
    for row in rows:
        bar_end = row["ts"].replace(tzinfo=UTC) - timedelta(hours=5, minutes=29)
        contract = ContractKey(row["expiry"], row["strike"] * 100, row["right"])
        assert session.prices[event[bar_end], column[contract]] == round(row["close"] * 100)
    assert np.count_nonzero(session.prices) == len(rows)

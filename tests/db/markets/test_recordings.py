"""Recording a live day: nothing finished is lost, nothing comes twice, and the result can be replayed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from markets.candle_store import candle_store
from markets.domain.bars import MINUTE_US, micros
from markets.domain.calendar import DaySession
from markets.domain.candles import from_history
from markets.feed.ticks import joined
from markets.models import DataFault
from markets.recordings import disk
from markets.recordings.closing import day_close, days_close
from markets.recordings.parts import BARS, CHAIN
from markets.recordings.recorder import Recorder, Work
from markets.selectors import calendar
from markets.sessions import session_sources
from qlplatform.core.clock import IST
from tests.db.markets.recorded import CONTRACTS, DAY, KEYS, feed_second, play


@pytest.fixture(autouse=True)
def _own_var(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.QL_DISK_LOW_MB = 10


@pytest.fixture
def hours() -> DaySession:
    found = calendar().session(DAY)
    assert found is not None
    return found


def stored() -> list[dict[str, object]]:
    start = datetime(2026, 11, 20, tzinfo=IST)
    return [
        row
        for underlying in ("NIFTY", "BANKNIFTY")
        for row in candle_store().read("NSE", underlying, 1, start, start + timedelta(days=1)).to_pylist()
    ]


def test_a_recorded_day_is_a_session_set(hours: DaySession) -> None:
    recorder = Recorder(CONTRACTS, hours)
    play(recorder, range(0, 600))
    recorder.close_day()

    source = session_sources()["recorded_nifty"]
    session = source.load(DAY)
    assert (session.kind, len(session.times), session.warnings) == ("snapshots", 20, {})
    assert [contract[1:] for contract in session.contracts] == [(24_000_00, "CE"), (24_000_00, "PE")]
    assert session.times[1] - session.times[0] == timedelta(seconds=30)
    assert set(session.columns) >= {"bid", "ask", "bid_qty", "ask_qty", "volume", "oi", "oi_chg"}
    assert session.spot_paise[1] == 2_400_000 + (30 * 37) % 500
    assert (session.prices[1] > 0).all()
    assert not recorder.parts.folder.exists()


def test_bars_are_those_of_the_ticks(hours: DaySession) -> None:
    recorder = Recorder(CONTRACTS, hours)
    play(recorder, range(0, 400))
    recorder.close_day()

    whole = joined([feed_second(second) for second in range(0, 400)])
    bars = from_history(KEYS, whole, hours, (1,))[0]
    assert len(stored()) == len(bars) == 7 * 4
    closes = {(row["ts"], row["kind"], row["strike"]): (row["close"], row["volume"]) for row in stored()}
    assert closes[datetime(2026, 11, 20, 3, 46, tzinfo=UTC), "PE", 24_000_00] == (
        10_000 + (117 * 13) % 300,
        75 * 20,
    )
    assert sorted(bars.volume.tolist()) == sorted(int(str(row["volume"])) for row in stored())


@pytest.mark.parametrize("crash_at", [66, 126, 186, 290])
def test_a_crash_loses_no_finished_minute_and_doubles_none(hours: DaySession, crash_at: int) -> None:
    play(Recorder(CONTRACTS, hours), range(0, crash_at))  # killed: nothing is said
    recorder = Recorder(CONTRACTS, hours)
    play(recorder, range(crash_at, 400))
    recorder.close_day()

    whole = from_history(KEYS, joined([feed_second(second) for second in range(0, 400)]), hours, (1,))[0]
    rows = stored()
    assert len(rows) == len({(row["ts"], row["kind"], row["strike"]) for row in rows}) == len(whole)
    assert sum(int(str(row["volume"])) for row in rows) == int(whole.volume.sum())


def test_parts_are_written_each_minute(hours: DaySession) -> None:
    recorder = Recorder(CONTRACTS, hours)
    play(recorder, range(0, 190))
    opened = micros(hours.open)
    assert recorder.parts.ends(BARS) == [opened + n * MINUTE_US for n in (1, 2, 3)]
    assert len(recorder.parts.ends(CHAIN)) == 3


def test_the_day_closes_by_itself_after_the_market(hours: DaySession) -> None:
    recorder = Recorder(CONTRACTS, hours)
    play(recorder, range(0, 100))
    recorder.on_time(hours.close + timedelta(seconds=59))
    assert not recorder.closed
    recorder.on_time(hours.close + timedelta(seconds=60))
    assert recorder.closed
    assert session_sources()["recorded_banknifty"].days == (DAY,)


def test_a_day_left_open_by_a_crash_is_closed_later(hours: DaySession) -> None:
    play(Recorder(CONTRACTS, hours), range(0, 100))
    assert "recorded_nifty" not in session_sources()
    assert days_close() == [DAY]
    assert session_sources()["recorded_nifty"].days == (DAY,)
    day_close("live", hours)  # again: nothing is left to do
    assert days_close() == []


def test_a_full_disk_stops_recording_and_says_so(hours: DaySession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda folder: 1 << 19)
    recorder = Recorder(CONTRACTS, hours)
    play(recorder, range(0, 70))
    assert recorder.parts.ends(BARS) == []
    assert DataFault.objects.get(source="recording", code="disk_full").count > 0


def test_writing_happens_where_the_feed_says(hours: DaySession) -> None:
    given: list[Work] = []
    recorder = Recorder(CONTRACTS, hours, give=given.append)
    play(recorder, range(0, 70))
    assert recorder.parts.ends(BARS) == []
    for work in given:
        work()
    assert recorder.parts.ends(BARS) == [micros(hours.open) + MINUTE_US]

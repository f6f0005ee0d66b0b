"""Candles and recordings in the API."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from markets.candle_store import Series, candle_store, rows_of
from markets.domain.bars import Bars, micros
from markets.models import Instrument
from markets.recordings.recorder import Recorder
from markets.selectors import calendar
from markets.services import index_instrument
from qlplatform.core.clock import IST
from tests.db.markets.recorded import CONTRACTS, DAY, play

OPEN = datetime(2024, 1, 10, 9, 15, tzinfo=IST)


@pytest.fixture(autouse=True)
def _own_var(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.QL_DISK_LOW_MB = 10


@pytest.fixture
def index() -> Instrument:
    """NIFTY with 375 minutes, each a point higher than the one before."""
    ts = micros(OPEN) + np.arange(375, dtype=np.int64) * 60_000_000
    close = 21_500_00 + np.arange(375, dtype=np.int64) * 100
    zeros = np.zeros(375, dtype=np.int64)
    bars = Bars(1, zeros, ts, close - 50, close + 50, close - 100, close, zeros, zeros, zeros)
    candle_store().append("NSE", "NIFTY", 1, rows_of(bars, [Series("INDEX")]))
    return index_instrument("NIFTY")


def ask(client: APIClient, index: Instrument, **more: str) -> dict[str, object]:
    query = {"instrument": index.public_id, "from": "2024-01-10T00:00:00+05:30"}
    query |= {"to": "2024-01-11T00:00:00+05:30"} | more
    answer = client.get("/api/v1/candles", query)
    assert answer.status_code in (200, 400), answer.content
    found: dict[str, object] = answer.json()
    return found


def test_minutes_as_they_are_stored(client: APIClient, index: Instrument) -> None:
    body = ask(client, index)
    assert (body["instrument"], body["interval"], body["has_more"]) == (index.public_id, "1", False)
    data = body["data"]
    assert isinstance(data, list)
    assert len(data) == 375
    assert data[0] == {
        "time": "2024-01-10T03:45:00Z",
        "open": "21499.50",
        "high": "21500.50",
        "low": "21499.00",
        "close": "21500.00",
        "volume": 0,
        "oi": 0,
    }


def test_longer_bars_are_put_together(client: APIClient, index: Instrument) -> None:
    data = ask(client, index, interval="60")["data"]
    assert isinstance(data, list)
    assert [bar["time"] for bar in data[:2]] == ["2024-01-10T03:45:00Z", "2024-01-10T04:45:00Z"]
    assert (len(data), data[0]["high"], data[0]["close"]) == (7, "21559.50", "21559.00")
    day = ask(client, index, interval="day")["data"]
    assert isinstance(day, list)
    assert [(bar["open"], bar["close"]) for bar in day] == [("21499.50", "21874.00")]


def test_pages_follow_each_other(client: APIClient, index: Instrument) -> None:
    first = ask(client, index, limit="200")
    second = ask(client, index, limit="200", cursor=str(first["next_cursor"]))
    assert (first["has_more"], second["has_more"]) == (True, False)
    times = [bar["time"] for body in (first, second) for bar in body["data"]]  # type: ignore[attr-defined]
    assert times == sorted(set(times))
    assert len(times) == 375


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"interval": "7"}, "bad_interval"),
        ({"from": "2024-01-10"}, "bad_time"),
        ({"from": "2022-01-01T00:00:00Z"}, "bad_range"),
        ({"to": "2024-01-01T00:00:00Z"}, "bad_range"),
        ({"limit": "5001"}, "bad_limit"),
    ],
)
def test_what_cannot_be_answered(
    client: APIClient, index: Instrument, query: dict[str, str], code: str
) -> None:
    assert ask(client, index, **query)["code"] == code


def test_recorded_days_and_the_one_that_is_being_recorded(client: APIClient) -> None:
    hours = calendar().session(DAY)
    later = calendar().session(date(2026, 11, 23))
    assert hours is not None
    assert later is not None
    recorder = Recorder(CONTRACTS, hours)
    play(recorder, range(0, 130))
    recorder.close_day()
    play(Recorder(CONTRACTS, later), range(0, 130), later.open)

    body = client.get("/api/v1/recordings", {"underlying": "NIFTY", "to": "2026-11-25"}).json()
    going_on, closed = body["data"]
    assert (going_on["day"], going_on["state"], going_on["minutes"]) == ("2026-11-23", "recording", None)
    assert (closed["events"], closed["minutes"], closed["minutes_expected"]) == (5, 3, 385)
    assert closed["longest_gap_s"] == int((hours.close - hours.open - timedelta(seconds=120)).total_seconds())
    assert (closed["first"], closed["last"]) == ("2026-11-20T03:45:00Z", "2026-11-20T03:47:00Z")
    assert body["not_recorded"] == ["2026-11-25"]

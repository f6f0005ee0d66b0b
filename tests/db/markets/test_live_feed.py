"""Live prices from frames to shared memory, Redis, the database and whoever listens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from markets import quotes, shared_prices
from markets.candle_store import Series, candle_store, rows_of
from markets.domain.bars import COLUMNS, Bars, micros
from markets.domain.calendar import DaySession
from markets.feed.live import LiveFeed
from markets.feed.opening import OpenFeed, open_feed, universe_of
from markets.feed.role import LivePrices
from markets.feed.sources import NOTHING, Polled
from markets.feed.ticks import Ticks, ticks_of
from markets.feed.universe import universe
from markets.models import DataFault, Instrument
from markets.quotes import Snapshot, latest
from markets.recordings.parts import DayParts
from markets.seeding import seed_markets
from markets.selectors import data_alerts, feed_status
from qlplatform.core import redis
from qlplatform.core.clock import IST, FrozenClock, frozen

AT = datetime(2026, 11, 3, 10, 15, tzinfo=IST).astimezone(UTC)
MARKET, EXPIRY = 900_001, date(2026, 11, 3)
SESSION = DaySession(((AT.astimezone(IST).replace(hour=9), AT.astimezone(IST).replace(hour=15)),))
MS = timedelta(milliseconds=1)


class Heard:
    """A source that tells what a test says, and a listener that keeps what it hears."""

    oi_in_contracts = False

    def __init__(self, name: str, tokens: Mapping[int, int] | None = None) -> None:
        self.name, self._tokens = name, tokens or {101: 11, 102: 12}
        self.next: Polled = NOTHING
        self.batches: list[Ticks] = []
        self.snapshots: list[Snapshot] = []

    def tokens(self) -> Mapping[int, int]:
        return self._tokens

    def poll(self) -> Polled:
        told, self.next = self.next, NOTHING
        return told

    def say(self, at: datetime, price: int, token: int = 101, **faults: int) -> None:
        us = micros(at)
        ticks = ticks_of(1, token=[token], ltp=[price], exch_us=[us], recv_us=[us])
        self.next = Polled(ticks, 1, faults)


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    for name in (("feed", "status"), ("data", "alerts"), ("quotes", MARKET)):
        redis.client().delete(redis.key(*name))
    with frozen(AT) as clock:
        yield clock
    shared_prices.forget(MARKET)


@pytest.fixture
def kite() -> Heard:
    return Heard("kite")


def live(*sources: Heard, **more: Any) -> LiveFeed:
    return LiveFeed(sources, universe([11, 12]), market_id=MARKET, hours=SESSION, apart=False, **more)


def stored() -> Snapshot | None:
    data = redis.client().get(redis.key("quotes", MARKET))
    return quotes.unpack(data) if isinstance(data, bytes) else None


def test_prices_reach_engines_at_once_and_redis_a_few_times_a_second(clock: FrozenClock, kite: Heard) -> None:
    feed = live(kite, on_batch=[kite.batches.append], on_snapshot=[kite.snapshots.append])
    for n in range(40):
        kite.say(clock.now(), 100_00 + n)
        feed.turn()
        shared = quotes.shared(MARKET)
        assert shared is not None
        assert shared.fresh() == {11: 100_00 + n - n % 2}
        clock.advance(5 * MS)
    assert [batch.ltp.tolist() for batch in kite.batches] == [[100_00 + n] for n in range(40)]
    assert [snapshot.at for snapshot in kite.snapshots] == [AT]
    newest = stored()
    assert newest is not None
    assert (newest.at, newest.fresh()) == (AT, {11: 100_00})
    feed.turn()
    assert [snapshot.at - AT for snapshot in kite.snapshots] == [0 * MS, 200 * MS]


def test_without_news_nothing_is_published(clock: FrozenClock, kite: Heard) -> None:
    feed = live(kite)
    feed.turn()
    assert (latest(MARKET), feed.turn()) == (None, 0)


def test_a_listener_that_fails_stops_no_prices(clock: FrozenClock, kite: Heard, db: None) -> None:
    def fail(news: object) -> None:
        raise ZeroDivisionError

    feed = live(kite, on_batch=[fail, kite.batches.append], on_snapshot=[fail])
    kite.say(AT, 100_00)
    feed.turn()
    feed.flush()
    assert (len(kite.batches), latest(MARKET) is not None) == (1, True)
    assert DataFault.objects.get(code="listener_failed").count == 2


def test_what_was_wrong_is_written_down_every_few_seconds(clock: FrozenClock, kite: Heard, db: None) -> None:
    feed = live(kite)
    feed.turn()
    for n in range(6):
        kite.say(clock.now(), -1 - n, cut_short=2)
        feed.turn()
        clock.advance(timedelta(seconds=1))
    assert dict(DataFault.objects.values_list("code", "count")) == {"bad_price": 6, "cut_short": 12}
    assert '"ltp":-6' in DataFault.objects.get(code="bad_price").example


def test_the_second_source_takes_over_from_a_silent_first(clock: FrozenClock, kite: Heard, db: None) -> None:
    spare = Heard("shoonya")
    feed = live(kite, spare)
    for second in range(8):
        spare.say(clock.now(), 200_00 + second)
        if second == 0:
            kite.say(clock.now(), 100_00)
        feed.turn()
        if second == 3:
            assert feed.board.ltp.tolist() == [100_00, 0], "only the leader is heard"
        clock.advance(timedelta(seconds=1))
    assert (feed.failover.leader, feed.board.ltp.tolist()) == ("shoonya", [200_07, 0])
    assert [alert.text for alert in data_alerts()] == [
        "Prices now come from shoonya instead of kite.",
        "kite: nothing comes in since 10:15:00.",
    ]
    status = feed_status()
    assert status is not None
    first, second_one = status.sources
    assert (first.name, first.leads, first.silent_since, first.reason) == (
        "kite",
        False,
        AT,
        "nothing comes in",
    )
    assert (second_one.leads, second_one.ticks_per_s, second_one.silent_since) == (True, 1.0, None)
    assert (status.instruments, status.quoted, status.stale) == (2, 1, 0)


def test_time_does_not_go_backwards_when_sources_change(clock: FrozenClock, kite: Heard, db: None) -> None:
    spare = Heard("shoonya")
    feed = live(kite, spare)
    kite.say(AT, 100_00)
    feed.turn()
    clock.advance(timedelta(seconds=10))
    spare.say(AT - timedelta(seconds=2), 90_00)
    feed.turn()
    assert feed.failover.leader == "shoonya"
    spare.say(AT - timedelta(seconds=1), 91_00)
    feed.turn()
    assert feed.board.ltp.tolist() == [100_00, 0]


def test_outside_the_trading_hours_nobody_is_alarmed(clock: FrozenClock, kite: Heard) -> None:
    feed = LiveFeed([kite], universe([11]), market_id=MARKET, hours=None, apart=False)
    for _ in range(3):
        feed.turn()
        clock.advance(timedelta(minutes=1))
    assert data_alerts() == []


def test_prices_go_on_without_redis_and_database(clock: FrozenClock, kite: Heard, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    feed = live(kite)
    for n in range(12):
        kite.say(clock.now(), 100_00 + n, token=101 if n else 999)
        feed.turn()
        clock.advance(timedelta(seconds=1))
    shared = quotes.latest(MARKET)
    assert shared is not None
    assert shared.fresh() == {11: 100_11}


# -- the role -----------------------------------------------------------------------------


@pytest.fixture
def instruments(db: None, settings: Any, tmp_path: Path) -> tuple[int, int]:
    settings.VAR_DIR = tmp_path
    seed_markets()
    index = Instrument.objects.create(underlying="NIFTY", kind="INDEX", symbol="NIFTY", lot_size=1)
    call = Instrument.objects.create(
        underlying="NIFTY", kind="CE", symbol="C", expiry=EXPIRY, strike_paise=26_000_00, lot_size=75
    )  # fmt: skip
    return index.pk, call.pk


def opened(source: Heard) -> OpenFeed:
    feed = open_feed([source], apart=False)
    assert feed is not None
    return feed


def test_the_universe_is_what_the_master_knows_of_the_sources(instruments: tuple[int, int]) -> None:
    index, call = instruments
    of = universe_of([Heard("a", {1: call, 2: index}), Heard("b", {7: call, 8: 999_999})], AT.date())
    assert (of.keys.tolist(), of.lot.tolist(), of.spots) == ([index, call], [1, 75], {0: "NIFTY"})


def test_open_interest_is_compared_with_what_was_recorded_the_trading_day_before(
    instruments: tuple[int, int],
) -> None:
    monday = micros(datetime(2026, 11, 2, 9, 15, tzinfo=IST))
    columns = {name: np.ones(1, dtype=np.int64) for name in COLUMNS} | {"oi": np.array([750])}
    columns |= {"key": np.array([0]), "ts_us": np.array([monday])}
    rows = rows_of(Bars("day", **columns), [Series("CE", EXPIRY, 26_000_00)])
    candle_store().append("NSE", "NIFTY", "day", rows)
    source = Heard("a", {1: instruments[1], 2: instruments[0]})
    assert universe_of([source], date(2026, 11, 3)).oi_before.tolist() == [0, 750]
    assert universe_of([source], date(2026, 11, 4)).oi_before.tolist() == [0, 0]


def test_a_feed_goes_on_where_the_last_one_of_the_day_stopped(
    clock: FrozenClock, instruments: tuple[int, int]
) -> None:
    source = Heard("kite", {101: instruments[1]})
    feed = opened(source)
    source.say(AT, 100_00)
    feed.live.turn()
    again = opened(source)
    assert (again.live.board.ltp.tolist(), again.live.board.seq) == ([100_00], micros(AT))
    clock.advance(timedelta(days=1))
    assert opened(source).live.board.ltp.tolist() == [0]
    shared_prices.forget(feed.live.board.market_id)


def test_a_session_is_recorded_from_the_first_connection(
    clock: FrozenClock, instruments: tuple[int, int]
) -> None:
    feed = opened(source := Heard("kite", {101: instruments[1]}))
    for n in range(130):
        source.say(clock.now(), 100_00 + n)
        feed.live.turn()
        clock.advance(timedelta(seconds=1))
    feed.close()
    bars = DayParts("live", date(2026, 11, 3)).read("bars")
    assert bars is not None
    assert [bars[name].to_pylist() for name in ("open", "close")] == [[100_00, 100_60], [100_59, 101_19]]
    shared_prices.forget(feed.live.board.market_id)


def test_a_recorder_that_cannot_begin_is_told_and_prices_go_on(
    clock: FrozenClock, instruments: tuple[int, int], tmp_path: Path
) -> None:
    (tmp_path / "data").write_bytes(b"in the way")
    feed = opened(source := Heard("kite", {101: instruments[1]}))
    source.say(AT, 100_00)
    assert feed.live.turn() == 1
    shared_prices.forget(feed.live.board.market_id)


def test_without_sources_there_is_no_live_feed(db: None) -> None:
    assert open_feed([]) is None
    assert LivePrices(list).turn() == 0


def test_live_prices_run_beside_and_stop(kite: Heard) -> None:
    live = LivePrices(list)
    live.start()
    live.stop()
    assert not live.alive

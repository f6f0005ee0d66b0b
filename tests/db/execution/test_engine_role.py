"""The loop of the engine: prices from the memory of its host, live and replayed, with and without Redis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from execution.engine_role import EngineRole
from execution.models import Run
from execution.replay.acks import acked
from markets import quotes, shared_prices
from markets.domain.bars import micros
from markets.quotes import Snapshot
from markets.selectors import live_market
from markets.shared_prices import ACK
from qlplatform.core import redis
from qlplatform.core.clock import FrozenClock, frozen
from tests.factories.trading import Floor

NOW = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)
AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def floor(db: None) -> Floor:
    return Floor()


def at_0920(floor: Floor) -> Snapshot:
    floor.seq = 4
    return floor.next_snapshot({floor.call: 101_25, floor.put: 96_40})


def test_on_one_host_a_replay_needs_no_redis_for_prices(floor: Floor, settings: Any) -> None:
    settings.REDIS_URL = AWAY
    run, snapshot = floor.run(), at_0920(floor)
    assert not quotes.store(snapshot), "Redis does not have it"

    EngineRole(range(64)).round()

    assert Run.objects.get(pk=run.pk).phase == "ENTERING"
    assert acked(floor.market.pk) == snapshot.seq


def test_what_redis_lost_of_our_word_is_said_again(floor: Floor) -> None:
    snapshot, role = at_0920(floor), EngineRole(range(64))
    quotes.store(snapshot)
    role.round()
    shared_prices.forget(floor.market.pk)
    redis.client().delete(redis.key("ack", floor.market.pk))
    assert acked(floor.market.pk) == 0
    role._word_at = 0.0  # the next second

    role.round()

    assert (acked(floor.market.pk), shared_prices.newest_seq(floor.market.pk, ACK)) == (5, 5)


def test_prices_beyond_what_postgresql_knows_are_of_another_database(floor: Floor) -> None:
    snapshot, role = at_0920(floor), EngineRole(range(64))
    quotes.store(snapshot)
    type(floor.market).objects.filter(pk=floor.market.pk).update(seq=snapshot.seq - 1)
    role.round()
    assert (role.engine.views.get(floor.market.pk), acked(floor.market.pk)) == (None, 0)


# -- the live market ----------------------------------------------------------------------


@pytest.fixture
def clock(floor: Floor) -> Iterator[FrozenClock]:
    quotes.forget(live_market().pk)
    with frozen(NOW) as clock:
        yield clock
    quotes.forget(live_market().pk)


def live(at: datetime, **quoted: int) -> Snapshot:
    """A live snapshot of the instruments 1 and 2 at 10.00 and 20.00: `a` and `b` are how long ago they were
    quoted, in ms.
    """
    seq = micros(at)
    stamp = np.array([seq - quoted.get(name, 0) * 1000 for name in "ab"], dtype=np.int64)
    keys, ltp = np.array([1, 2], dtype=np.int64), np.array([10_00, 20_00], dtype=np.int32)
    return Snapshot(live_market().pk, seq, at, {"NIFTY": 26_000_00}, keys, ltp, stamp)


def seen(role: EngineRole) -> tuple[dict[int, int], dict[int, int]]:
    """What the engine takes for quoted now, and for the newest prices."""
    role.round()
    view = role.engine.views[live_market().pk]
    return view.ltp, view.marks


def test_live_prices_are_evaluated_once(clock: FrozenClock) -> None:
    role, both = EngineRole(range(64)), {1: 10_00, 2: 20_00}
    quotes.store(live(NOW, b=50))
    assert seen(role) == ({1: 10_00}, both)
    role._clock_at = 0.0
    clock.advance(timedelta(seconds=1))
    assert seen(role) == ({}, both), "a second later it is the clock that moves"
    assert role.engine.views[live_market().pk].snapshot.at == NOW + timedelta(seconds=1)


def test_what_was_quoted_in_a_snapshot_the_engine_missed_is_news(clock: FrozenClock) -> None:
    role = EngineRole(range(64))
    quotes.store(live(NOW))
    seen(role)
    quotes.store(live(NOW + timedelta(milliseconds=20), a=0, b=10))
    assert seen(role)[0] == {1: 10_00, 2: 20_00}
    quotes.store(live(NOW + timedelta(milliseconds=40), a=30, b=0))
    assert seen(role)[0] == {2: 20_00}


def test_prices_a_stopped_feed_left_behind_are_not_taken_for_new(clock: FrozenClock) -> None:
    quotes.store(live(NOW - timedelta(seconds=6)))
    assert seen(EngineRole(range(64))) == ({}, {})


def test_newer_prices_of_its_host_end_the_wait(clock: FrozenClock) -> None:
    role = EngineRole(range(64))
    role.round()
    assert [role._moved(), role._moved()] == [True, False]
    quotes.store(live(NOW))
    assert [role._moved(), role._moved()] == [True, False]

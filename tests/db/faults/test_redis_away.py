"""A replay on one host goes on without Redis, and Redis hears of it when it is back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from brokers.registry import use_venue
from brokers.sandbox.feed import InProcessFeed
from brokers.sandbox.venue import Venue
from execution.engine_role import EngineRole
from execution.models import Run
from execution.replay.acks import acked
from execution.replay.feed import Feed
from execution.services.replays import replay_start, workspace_prepare
from markets import quotes
from markets.models import Market
from qlplatform.core import redis
from qlplatform.core.tenancy import Role
from tests.factories.trading import Floor

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def replay(floor: Floor) -> Market:
    workspace_prepare(floor.workspace)
    return replay_start(workspace=floor.workspace, by=floor.actor(Role.OWNER), speed=0)


@pytest.fixture
def feed(replay: Market) -> Iterator[Feed]:
    venue = Venue()
    use_venue(venue)
    yield Feed(InProcessFeed(venue))
    use_venue(None)


def play(feed: Feed, role: EngineRole, rounds: int) -> None:
    for _ in range(rounds):
        feed.round()
        role.round()


def test_prices_and_decisions_need_no_redis(floor: Floor, replay: Market, feed: Feed, settings: Any) -> None:
    Market.objects.filter(pk=replay.pk).update(state=Market.State.PLAYING)
    there, settings.REDIS_URL = settings.REDIS_URL, AWAY

    play(feed, EngineRole(range(64)), 8)

    replay.refresh_from_db()
    assert (replay.seq, acked(replay.pk)) == (5, 5), "09:20: it waits for the orders of the entry"
    assert Run.objects.get(market=replay).phase == "ENTERING"
    settings.REDIS_URL = there
    assert redis.client().get(redis.key("quotes", replay.pk)) is None
    feed.seats[replay.pk].player._told_at = 0.0  # a second later
    feed.seats[replay.pk].player.tell_again()
    data = redis.client().get(redis.key("quotes", replay.pk))
    assert isinstance(data, bytes)
    assert quotes.unpack(data).seq == 5

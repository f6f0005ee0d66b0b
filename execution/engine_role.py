"""The loop of role `engine`: prices from the memory it shares with the feed (from Redis, when that is on
another host), events from PostgreSQL. With Redis away it still hears fills and commands.
"""

from __future__ import annotations

import select
import time
from collections.abc import Collection
from datetime import timedelta

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection
from redis.exceptions import RedisError

from brokers.models import BrokerAccount
from execution.replay.acks import ack, ack_here
from execution.services.engine import Engine
from execution.services.events import CHANNEL
from markets import quotes, shared_prices
from markets.models import Market
from markets.quotes import Snapshot
from markets.selectors import live_market
from qlplatform.core.clock import wall

log = structlog.get_logger(__name__)
POLL_S = 0.05
GLANCE_S = 0.01  # how often it looks for newer prices of its own host meanwhile
TICK_S = 1.0
LIVE_FRESH = timedelta(seconds=5)


class EngineRole:
    """Drives one Engine from its sources; `step` is what the role repeats."""

    def __init__(self, shards: Collection[int]) -> None:
        self.engine = Engine(shards)
        self._seen: dict[int, int] = {}
        self._watched: frozenset[int] = frozenset()
        self._glanced: dict[int, int] = {}
        self._live: Snapshot | None = None
        self._clock_at = self._word_at = self._redis_at = 0.0
        self._listener: psycopg.Connection[tuple[object, ...]] | None = None

    def step(self) -> None:
        """Wait for news or newer prices at most POLL_S, then look at them. A lost database is forgotten about
        and raised.
        """
        try:
            self._wait()
            self.round()
        except (OperationalError, InterfaceError, psycopg.Error) as away:
            self._forget()
            raise OperationalError(str(away)) from away

    def round(self) -> None:
        """Evaluate every market's newest snapshot that is not evaluated yet, then hear what waits."""
        live, replays = live_market(), self._replays()
        self._watched = frozenset([live.pk, *replays])
        self.engine.keep_views(self._watched)
        self._take_live(live.pk)
        for market_id, newest in replays.items():
            self._take_replay(market_id, newest)
        if time.monotonic() >= self._clock_at:
            self._tick(live.pk)
        if time.monotonic() >= self._word_at:
            self._give_word(replays)
        while self.engine.on_events():
            pass

    # -- prices ---------------------------------------------------------------

    def _take_live(self, market_id: int) -> None:
        """The live market's newest prices, unless they are those of a feed that has stopped. It may have
        published several times since the last look: all that was quoted since then is news.
        """
        snapshot = self._latest(market_id)
        seen = self._seen.get(market_id, 0)
        if snapshot is None or snapshot.seq <= seen or wall() - snapshot.at > LIVE_FRESH:
            return
        self._live = snapshot.since(seen) if seen else snapshot
        self.engine.on_price(self._live)
        self._seen[market_id] = snapshot.seq
        self._clock_at = time.monotonic() + TICK_S

    def _take_replay(self, market_id: int, newest: int) -> None:
        """A replay's newest prices; `newest` is what PostgreSQL knows of, later ones are of a database that
        was replaced.
        """
        snapshot = self._latest(market_id)
        if snapshot is None or not self._seen.get(market_id, 0) < snapshot.seq <= newest:
            return
        self.engine.on_price(snapshot)
        self._seen[market_id] = snapshot.seq
        self._ack(market_id)

    def _latest(self, market_id: int) -> Snapshot | None:
        """While Redis is away only this host's prices; it is asked again a second later, so that events are
        heard meanwhile.
        """
        if time.monotonic() < self._redis_at:
            return quotes.shared(market_id)
        try:
            return quotes.latest(market_id)
        except RedisError as away:
            self._redis_lost(away)
            return quotes.shared(market_id)

    def _redis_lost(self, away: RedisError) -> None:
        log.warning("engine.redis_lost", error=str(away))
        self._redis_at = time.monotonic() + TICK_S

    def _replays(self) -> dict[int, int]:
        """Open replays with an account of our shards (their engine alone says that they are evaluated), and
        the newest event of each that PostgreSQL knows.
        """
        mine = BrokerAccount.objects.filter(shard__in=self.engine.shards).values("market")
        rows = Market.objects.exclude(state=Market.State.ENDED).filter(seq__gt=0, pk__in=mine)
        return dict(rows.order_by("pk").values_list("pk", "seq"))

    def _ack(self, market_id: int) -> None:
        """Say what of a replay is evaluated. What nobody could be told is said again a second later."""
        if time.monotonic() < self._redis_at:
            ack_here(market_id, self._seen[market_id])
            return
        try:
            ack(market_id, self._seen[market_id])
        except RedisError as away:
            self._redis_lost(away)

    # -- time -----------------------------------------------------------------

    def _tick(self, live: int) -> None:
        """A second after the last live prices, and every further one, the live market's clock: time rules act
        with or without prices.
        """
        self._clock_at = time.monotonic() + TICK_S
        self.engine.on_price(quotes.clock_tick(live, at=wall(), last=self._live))

    def _give_word(self, replays: Collection[int]) -> None:
        """Once a second our word to the replays again, which Redis may have lost; the files of those that are
        over are let go.
        """
        self._word_at = time.monotonic() + TICK_S
        for market_id in self._seen.keys() & set(replays):
            self._ack(market_id)
        shared_prices.keep(self._watched)

    def _wait(self) -> None:
        """Until somebody notifies, prices move in shared memory, or POLL_S is over."""
        listener = self._listening()
        until = time.monotonic() + POLL_S
        while (left := until - time.monotonic()) > 0 and not self._moved():
            if select.select([listener.fileno()], [], [], min(GLANCE_S, left))[0]:
                break
        for _ in listener.notifies(timeout=0):
            pass

    def _moved(self) -> bool:
        """Whether shared memory holds anything it did not when last asked."""
        found = {market_id: shared_prices.newest_seq(market_id) for market_id in self._watched}
        moved, self._glanced = found != self._glanced, found
        return moved

    def _listening(self) -> psycopg.Connection[tuple[object, ...]]:
        if self._listener is None:
            params = connection.get_connection_params()
            names = ("host", "port", "user", "password", "dbname")
            self._listener = psycopg.connect(
                autocommit=True, **{n: params[n] for n in names if params.get(n)}
            )
            self._listener.execute(f"LISTEN {CHANNEL}")
        return self._listener

    def _forget(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._listener = None
        self._seen.clear()
        self.engine = Engine(self.engine.shards)

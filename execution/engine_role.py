"""The loop of role `engine`: prices from Redis, events from PostgreSQL. With Redis away it still hears fills
and commands.
"""

from __future__ import annotations

import select
import time
from collections.abc import Collection

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection
from redis.exceptions import RedisError

from brokers.models import BrokerAccount
from execution.replay.acks import ack, acked
from execution.services.engine import Engine
from execution.services.events import CHANNEL
from markets import quotes
from markets.models import Market
from markets.quotes import Snapshot
from markets.selectors import live_market
from qlplatform.core.clock import wall

log = structlog.get_logger(__name__)
POLL_S = 0.05
TICK_S = 1.0


class EngineRole:
    """Drives one Engine from its sources; `step` is what the role repeats."""

    def __init__(self, shards: Collection[int]) -> None:
        self.engine = Engine(shards)
        self._seen: dict[int, int] = {}
        self._tick_at = self._redis_at = 0.0
        self._listener: psycopg.Connection[tuple[object, ...]] | None = None

    def step(self) -> None:
        """Wait for news at most POLL_S, then look at prices and events. A lost database is forgotten about
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
        self._tick_live()
        for snapshot in self._new_prices():
            self.engine.on_price(snapshot)
            self._seen[snapshot.market_id] = snapshot.seq
            self._ack(snapshot)
        while self.engine.on_events():
            pass

    def _tick_live(self) -> None:
        """Once a second the live market's clock: time rules act with or without prices."""
        if time.monotonic() >= self._tick_at:
            self._tick_at = time.monotonic() + TICK_S
            now = wall()
            self.engine.on_price(quotes.clock_tick(live_market().pk, seq=int(now.timestamp()), at=now))

    def _new_prices(self) -> list[Snapshot]:
        """Newest snapshots of the open replays, oldest first. Empty while Redis is away, which is asked again
        a second later so that events are heard meanwhile.
        """
        if time.monotonic() < self._redis_at:
            return []
        markets = self._replays()
        self.engine.keep_views([*markets, live_market().pk])
        try:
            found = [quotes.latest(pk) for pk in markets]
            newest = [s for s in found if s and s.seq <= markets[s.market_id] and self._waits(s)]
        except RedisError as away:
            log.warning("engine.redis_lost", error=str(away))
            self._redis_at = time.monotonic() + TICK_S
            return []
        return newest

    def _replays(self) -> dict[int, int]:
        """Open replays with an account of our shards (their engine alone says that they are evaluated), and
        the newest event of each that PostgreSQL knows.
        """
        mine = BrokerAccount.objects.filter(shard__in=self.engine.shards).values("market")
        rows = Market.objects.exclude(state=Market.State.ENDED).filter(seq__gt=0, pk__in=mine)
        return dict(rows.order_by("pk").values_list("pk", "seq"))

    def _waits(self, snapshot: Snapshot) -> bool:
        """True when it is new, or when Redis lost our word that it is evaluated: the replay waits for it."""
        known = snapshot.seq <= self._seen.get(snapshot.market_id, 0)
        return not known or acked(snapshot.market_id) < snapshot.seq

    def _ack(self, snapshot: Snapshot) -> None:
        try:
            ack(snapshot.market_id, snapshot.seq)
        except RedisError:
            self._seen.pop(snapshot.market_id, None)  # told again with the next look

    def _wait(self) -> None:
        if self._listener is None:
            params = connection.get_connection_params()
            names = ("host", "port", "user", "password", "dbname")
            self._listener = psycopg.connect(
                autocommit=True, **{n: params[n] for n in names if params.get(n)}
            )
            self._listener.execute(f"LISTEN {CHANNEL}")
        select.select([self._listener.fileno()], [], [], POLL_S)
        for _ in self._listener.notifies(timeout=0):
            pass

    def _forget(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._listener = None
        self._seen.clear()
        self.engine = Engine(self.engine.shards)

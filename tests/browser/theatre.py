"""The platform in one process for a browser: threads serve pages and live socket, a test plays the market.

Playwright's own event loop occupies the test's thread, so everything that trades runs in a thread of its own.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import uvicorn
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread

from brokers.sandbox.feed import InProcessFeed
from execution.replay.player import Player, recorded_session
from execution.replay.tool import Stage, stage
from execution.screen import screen_push
from execution.selectors import market_shown
from markets.models import Market
from markets.selectors.chain import forget_chains
from qlplatform.asgi import application
from qlplatform.core.tenancy import Actor

T = TypeVar("T")


class Theatre:
    """Plays the newest replay of a workspace, some bars at a time."""

    def __init__(self, workspace_id: int) -> None:
        forget_chains()  # those of the database before this one
        self._actor = Actor.system("test", workspace_id)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="theatre")
        self._players: dict[int, Player] = {}
        self._acks: dict[int, int] = {}
        self._curtain = stage()
        self._stage: Stage = self.ask(self._curtain.__enter__)

    def ask(self, function: Callable[[], T]) -> T:
        """Run something with the database in the theatre's own thread."""
        return self._thread.submit(function).result()

    def play(self, bars: int) -> None:
        """Play some bars of the session pages show, and push what changed to the screens."""
        self.ask(lambda: self._play(bars))

    def until(self, hhmm: str) -> None:
        """Play until the market's clock shows this time, IST."""
        hours, minutes = map(int, hhmm.split(":"))
        self.ask(lambda: self._play((hours * 60 + minutes) - (9 * 60 + 15) - self._player().market.seq))

    def close(self) -> None:
        self.ask(lambda: self._curtain.__exit__(None, None, None))
        self.ask(connections.close_all)
        self._thread.shutdown()

    def _market(self) -> Market:
        market = market_shown(self._actor)
        assert market is not None
        return market

    def _player(self) -> Player:
        market = self._market()
        if market.pk not in self._players:
            feed, session = InProcessFeed(self._stage.venue), recorded_session(market)
            self._players[market.pk] = Player(market, feed, session, lambda pk: self._acks.get(pk, 0))
        return self._players[market.pk]

    def _play(self, bars: int) -> None:
        player = self._player()
        for _ in range(bars):
            snapshot = player.advance()
            self._stage.engine.on_price(snapshot)
            self._acks[player.market.pk] = snapshot.seq
            self._stage.turn_until_quiet()
            player.settled()
        screen_push(self._market())


@contextmanager
def pages() -> Iterator[str]:
    """The web pages with their static files, on a free port; gives their address."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.terminate()


@contextmanager
def live_socket() -> Iterator[int]:
    """The live role on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()

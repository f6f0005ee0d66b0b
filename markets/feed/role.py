"""Live prices in role `feed`, in a thread of their own beside the replays: what a replay waits for in the
database must not hold up prices.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import structlog
from django.db import close_old_connections, connections

from markets.feed.opening import OpenFeed, open_feed
from markets.feed.sources import PriceSource
from qlplatform.core.clock import IST, wall

log = structlog.get_logger(__name__)

REST_S = 0.005
AGAIN_S = 1.0


class LivePrices:
    """Runs the live feed of each day; sources tell their instruments anew in the morning."""

    def __init__(self, sources: Callable[[], Sequence[PriceSource]]) -> None:
        self._sources = sources
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live-prices", daemon=True)
        self._feed: OpenFeed | None = None

    def start(self) -> None:
        """Begin; what goes wrong is logged and tried again a second later."""
        self._thread.start()

    def stop(self) -> None:
        """End after the turn that is on, with everything written."""
        self._stopping.set()
        self._thread.join(5)

    @property
    def alive(self) -> bool:
        """Whether it is at work."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.wait(REST_S):
            try:
                self.turn()
                if self._feed is None:
                    self._stopping.wait(AGAIN_S)  # no source is set up: somebody may sign in
            except Exception:
                log.exception("feed.live_failed")
                connections.close_all()
                self._stopping.wait(AGAIN_S)
        self._close()
        connections.close_all()

    def turn(self) -> int:
        """One turn of the day's feed; how many ticks were applied."""
        if self._feed is None or self._feed.day != wall().astimezone(IST).date():
            self._close()
            close_old_connections()
            self._feed = open_feed(self._sources())
        return self._feed.live.turn() if self._feed else 0

    def _close(self) -> None:
        if self._feed is not None:
            self._feed.close()
        self._feed = None

"""The loop of live prices: sources, gate, board, then shared memory every few ms and Redis a few times a
second, and whoever listens (candles, recorder).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import orjson
import structlog

from markets import quotes
from markets.domain.bars import EPOCH, MICROSECOND, micros
from markets.domain.calendar import DaySession
from markets.feed.board import Board
from markets.feed.errands import Errands
from markets.feed.failover import Failover
from markets.feed.faults import FaultBook
from markets.feed.gate import Gate
from markets.feed.silence import REASONS, Ear, stale
from markets.feed.sources import PriceSource
from markets.feed.ticks import UNTOLD, Ticks
from markets.feed.universe import TokenTable, Universe
from markets.quotes import Snapshot
from markets.services.health import data_alert
from qlplatform.core.clock import IST, wall
from qlplatform.core.redis import client, key

log = structlog.get_logger(__name__)

SECOND_US = 1_000_000
SHARE_US = 10_000
ANNOUNCE_US = 200_000
WATCH_US = SECOND_US
FLUSH_US = 5 * SECOND_US
STALE_US = 60 * SECOND_US
STATUS_S = 10

OnBatch = Callable[[Ticks], object]
OnSnapshot = Callable[[Snapshot], object]
OnTime = Callable[[datetime], object]


@dataclass(slots=True)
class Line:
    """A source with what listens to it. `rate`: ticks a second when last watched."""

    source: PriceSource
    gate: Gate
    ear: Ear
    rate: float = 0.0
    counted: int = 0
    counted_us: int = 0

    def measure(self, now_us: int) -> None:
        """Take the rate since the last time."""
        if self.counted_us and now_us > self.counted_us:
            self.rate = (self.ear.ticks - self.counted) * SECOND_US / (now_us - self.counted_us)
        self.counted, self.counted_us = self.ear.ticks, now_us


class LiveFeed:
    """Live prices of one day. `turn` is what the role repeats; it never waits for Redis or PostgreSQL.

    `on_batch` gets the ticks that were applied and have a price, `on_snapshot` a snapshot up to five times a
    second, `on_time` the time once a second. `hours`: when the day trades, None = not at all. Sources come by
    rank: the first that talks leads. `apart=False` does all work in the calling thread.
    """

    def __init__(
        self,
        sources: Sequence[PriceSource],
        of: Universe,
        *,
        market_id: int,
        hours: DaySession | None,
        on_batch: Sequence[OnBatch] = (),
        on_snapshot: Sequence[OnSnapshot] = (),
        on_time: Sequence[OnTime] = (),
        apart: bool = True,
    ) -> None:
        self.board = Board(of, market_id=market_id)
        self.lines = [_line(source, self.board) for source in sources]
        self.failover = Failover([source.name for source in sources])
        self.began = wall()
        self._hours = hours
        self._on_batch, self._on_snapshot, self._on_time = tuple(on_batch), tuple(on_snapshot), tuple(on_time)
        self._redis, self._database = Errands("redis", apart=apart), Errands("database", apart=apart)
        self._faults = FaultBook()
        self._done_us: dict[str, int] = {}
        self._newest: tuple[Snapshot, bytes] | None = None

    def turn(self) -> int:
        """Take in what came since the last turn and pass it on; how many ticks were applied."""
        now = wall()
        now_us = micros(now)
        applied = sum(self._hear(line, now_us) for line in self.lines)
        if self.board.changed and self._due("share", now_us, SHARE_US):
            self._share(now)
        if self._newest and not self._redis.busy and self._due("announce", now_us, ANNOUNCE_US):
            self._announce(*self._newest)
        if self._due("watch", now_us, WATCH_US):
            self._watch(now_us)
            self._tell(self._on_time, now)
        if not self._database.busy and self._due("flush", now_us, FLUSH_US):
            self.flush()
        return applied

    def _due(self, what: str, now_us: int, every_us: int) -> bool:
        """Whether its time has come again; a clock that was set back counts as one."""
        if 0 <= now_us - self._done_us.get(what, 0) < every_us:
            return False
        self._done_us[what] = now_us
        return True

    # -- in -----------------------------------------------------------------------

    def _hear(self, line: Line, now_us: int) -> int:
        came = line.source.poll()
        line.ear.hear(now_us, came.frames, came.ticks)
        self._faults.add(line.source.name, came.faults)
        if line.source.name != self.failover.leader or not len(came.ticks):
            return 0
        ticks = line.gate.check(came.ticks)
        self.board.apply(ticks)
        priced = ticks.take(ticks.ltp != UNTOLD) if (ticks.ltp == UNTOLD).any() else ticks
        self._tell(self._on_batch if len(priced) else (), priced)
        return len(ticks)

    # -- out ----------------------------------------------------------------------

    def _share(self, now: datetime) -> None:
        snapshot = self.board.snapshot(now)
        data = quotes.pack(snapshot)
        quotes.share(snapshot, data)
        self._newest = (snapshot, data)

    def _announce(self, snapshot: Snapshot, data: bytes) -> None:
        self._newest = None
        self._redis.give(partial(quotes.announce, self.board.market_id, data))
        self._tell(self._on_snapshot, snapshot)

    def _tell(self, listeners: Iterable[Callable[..., object]], news: Ticks | Snapshot | datetime) -> None:
        """A listener that fails must not stop prices."""
        for listener in listeners:
            try:
                listener(news)
            except Exception:
                log.exception("feed.listener_failed", listener=str(listener))
                self._faults.add("feed", {"listener_failed": 1})

    def finish(self) -> None:
        """Wait until what was given away is done."""
        self._redis.finish()
        self._database.finish()

    def flush(self) -> None:
        """Write down what was wrong since the last time."""
        for line in self.lines:
            self._faults.empty_gate(line.source.name, line.gate)
        if faults := self._faults.take():
            self._database.give(partial(self._faults.write, faults))

    # -- watching -----------------------------------------------------------------

    def _watch(self, now_us: int) -> None:
        """Who is silent, who leads; once a second."""
        for line in self.lines:
            line.measure(now_us)
            if line.ear.check(now_us, self._open_us(now_us)):
                self._silence_changed(line.ear)
        silent = {line.source.name for line in self.lines if line.ear.silent}
        before = self.failover.leader
        if leader := self.failover.update(now_us, silent):
            self._alert("feed_switched", f"Prices now come from {leader} instead of {before}.", leader)
        if not self._redis.busy:
            status = orjson.dumps(self._status(now_us))
            self._redis.give(lambda: client().set(key("feed", "status"), status, ex=STATUS_S))

    def _silence_changed(self, ear: Ear) -> None:
        if not ear.silent:
            log.info("feed.talks_again", source=ear.name)
            return
        since = _at(ear.since_us).astimezone(IST)
        self._alert("feed_silent", f"{ear.name}: {REASONS[ear.reason]} since {since:%H:%M:%S}.", ear.name)

    def _alert(self, code: str, text: str, source: str) -> None:
        self._database.give(partial(data_alert, code=code, text=text, source=source))

    def _open_us(self, now_us: int) -> int | None:
        """When the sitting that is on began, or the feed if later; None outside the trading hours."""
        now = _at(now_us)
        for start, end in self._hours.sittings if self._hours else ():
            if start <= now < end:
                return micros(max(start, self.began))
        return None

    def _status(self, now_us: int) -> Mapping[str, object]:
        """As markets.selectors.feed reads it."""
        return {
            "at": _at(now_us).isoformat(),
            "sources": [self._source_status(line) for line in self.lines],
            "instruments": len(self.board.universe),
            "quoted": int((self.board.exch_us > 0).sum()),
            "stale": int(stale(self.board, now_us, STALE_US).sum()),
        }

    def _source_status(self, line: Line) -> Mapping[str, object]:
        ear = line.ear
        return {
            "name": ear.name,
            "leads": ear.name == self.failover.leader,
            "last_tick": _at(ear.tick_us).isoformat() if ear.tick_us else None,
            "ticks_per_s": round(line.rate, 1),
            "silent_since": _at(ear.since_us).isoformat() if ear.silent else None,
            "reason": REASONS.get(ear.reason, ""),
        }


def _line(source: PriceSource, board: Board) -> Line:
    table = TokenTable(source.tokens(), board.universe)
    return Line(source, Gate(board, table, oi_in_contracts=source.oi_in_contracts), Ear(source.name))


def _at(us: int) -> datetime:
    return EPOCH + us * MICROSECOND

"""The live channels of option chains, `chain:<underlying>:<expiry>[:<market>]`: computed only while somebody
watches, in a thread, at most four times a second, newest value wins.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import orjson
import structlog
from channels.db import database_sync_to_async
from django.db import DatabaseError
from redis.exceptions import RedisError

from markets import quotes, selectors
from markets.chain_live import FIELDS, ChainState, Row, state_of
from markets.selectors import chain as chains
from qlplatform.core.clock import wall
from qlplatform.core.envelope import rfc3339
from qlplatform.core.errors import QlError
from qlplatform.core.ids import new_id
from qlplatform.core.tenancy import Actor
from qlplatform.web.outgoing import Outgoing

log = structlog.get_logger(__name__)

EVERY_S = 0.25
MOST_CHANNELS = 8
NAME = re.compile(r"chain:([A-Z0-9&-]{1,20}):(\d{4}-\d\d-\d\d)(?::(mkt_\w{1,40}))?", re.ASCII)


class ChainAddress(NamedTuple):
    """What a channel shows."""

    channel: str
    market_id: int
    underlying: str
    expiry: date


@dataclass(eq=False)
class ChainTopic:
    """What the watchers of a channel are shown."""

    address: ChainAddress
    state: ChainState = field(default_factory=lambda: ChainState(0, {}, {}))
    sockets: set[Outgoing] = field(default_factory=set)

    def take(self, state: ChainState) -> None:
        """A newer state: every watcher gets the rows that changed. An older one is left alone."""
        if state.seq <= self.state.seq:
            return
        known, self.state = self.state.rows, state
        changed = {name for name, row in state.rows.items() if known.get(name) != row}
        frame = self.frame_of(changed)
        for socket in self.sockets:
            socket.note(self, changed, frame)

    def snapshot(self) -> str:
        """All rows."""
        return self._frame("chain.snapshot", self.state.rows.values())

    def frame_of(self, names: Collection[str]) -> str:
        """The newest values of these rows, and the figures of the chain."""
        rows = self.state.rows
        return self._frame("chain.delta", [rows[name] for name in names if name in rows])

    def _frame(self, type: str, rows: Iterable[Row]) -> str:
        data = {"channel": self.address.channel, "head": self.state.head, "f": FIELDS, "r": list(rows)}
        event = {"v": 1, "id": new_id("evt"), "type": type, "seq": self.state.seq, "ts": rfc3339(wall())}
        return orjson.dumps({**event, "account": "", "mode": "", "data": data}).decode()


class ChainTopics:
    """The chains watched in this process."""

    def __init__(self) -> None:
        self.topics: dict[ChainAddress, ChainTopic] = {}

    async def find(self, workspace_id: int, channel: str) -> ChainAddress | None:
        """What a channel means to a workspace; None when there is no such chain for it."""
        return await database_sync_to_async(address_of)(workspace_id, channel)

    async def join(self, address: ChainAddress, socket: Outgoing) -> None:
        """Show the chain to `socket`: a snapshot first, then what changes."""
        found = {} if address in self.topics else await self._newest(address.market_id, {address: 0})
        topic = self.topics.setdefault(address, ChainTopic(address))
        if address in found:
            topic.take(found[address])
        topic.sockets.add(socket)
        socket.forget(topic)
        socket.put(topic.snapshot())

    def watched(self, socket: Outgoing) -> int:
        """How many chains a socket watches."""
        return sum(socket in topic.sockets for topic in self.topics.values())

    def leave(self, socket: Outgoing, channel: str | None = None) -> None:
        """Forget a socket on one channel, or on all; a topic goes with its last one."""
        for address, topic in list(self.topics.items()):
            if channel in (None, address.channel) and socket in topic.sockets:
                topic.sockets.discard(socket)
                socket.forget(topic)
                if not topic.sockets:
                    del self.topics[address]

    async def run(self) -> None:
        """Tell what changed, for ever."""
        while True:
            await asyncio.sleep(EVERY_S)
            for market_id in {address.market_id for address in self.topics}:
                try:
                    await self._refresh(market_id)
                except Exception:  # one market's fault must not end the channels of all
                    log.exception("chain_topics_failed", market=market_id)

    async def _refresh(self, market_id: int) -> None:
        """Bring the topics of a market up to its newest prices."""
        known = ((address, topic.state.seq) for address, topic in self.topics.items())
        due = {address: seq for address, seq in known if address.market_id == market_id}
        for address, state in (await self._newest(market_id, due)).items():
            if address in self.topics:
                self.topics[address].take(state)

    @staticmethod
    async def _newest(market_id: int, due: dict[ChainAddress, int]) -> dict[ChainAddress, ChainState]:
        """`states_now` off the loop; nothing while the prices cannot be read."""
        try:
            return await database_sync_to_async(states_now)(market_id, due)
        except (RedisError, DatabaseError) as fault:
            log.warning("chain_topics_wait", fault=str(fault))
            return {}


def address_of(workspace_id: int, channel: str) -> ChainAddress | None:
    """The chain a channel names: of the live market or a replay of the workspace, quoted there (or to be,
    while there is no price yet).
    """
    found = NAME.fullmatch(channel)
    if found is None:
        return None
    actor = Actor.system("live", workspace_id)
    try:
        market = selectors.market_of(actor, found[3]) if found[3] else chains.chain_market(actor)
        expiry = date.fromisoformat(found[2])
        snapshot = quotes.latest(market.pk)
        if snapshot is not None:
            chains.chain_in(snapshot, found[1], expiry)
    except (QlError, ValueError, RedisError):
        return None
    return ChainAddress(channel, market.pk, found[1], expiry)


def states_now(market_id: int, due: dict[ChainAddress, int]) -> dict[ChainAddress, ChainState]:
    """The newest states of those chains whose last one (`due`) is older; a chain that is gone is left out."""
    snapshot = quotes.latest(market_id)
    states: dict[ChainAddress, Any] = {}
    for address, seq in due.items():
        if snapshot is None or seq >= snapshot.seq:
            continue
        try:
            states[address] = state_of(chains.chain_in(snapshot, address.underlying, address.expiry))
        except QlError:
            log.info("chain_topic_gone", channel=address.channel)
    return states

"""The live hub: one Redis subscription per process feeds every socket of it.

State is kept per workspace, newest value wins, and what changed is sent four times a second. Facts are sent
at once and never dropped: after a gap in the subscription those missed are read from the outbox.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import orjson
import structlog
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from qlplatform.core.clock import wall
from qlplatform.core.envelope import rfc3339
from qlplatform.core.heartbeat import beat
from qlplatform.core.ids import new_id
from qlplatform.core.live import Value, live_channel, values_of
from qlplatform.core.redis import key
from qlplatform.core.selectors import facts_since, last_seq
from qlplatform.web.chain_topics import ChainTopics
from qlplatform.web.outgoing import Outgoing

log = structlog.get_logger(__name__)

FLUSH_S = 0.25
HEARTBEAT_S = 4.0
BEAT_S = 2.0
BACK_OFF_S = (0.1, 0.5, 1.0, 2.0, 5.0)
HEARTBEAT = '{"type":"heartbeat"}'


def hub_name() -> str:
    """How the subscription calls itself in Redis's list of clients."""
    return key("hub")


def state_frame(type: str, seq: int, values: Mapping[str, Value]) -> str:
    """A state message (`portfolio.snapshot`, `portfolio.delta`) in the envelope of events."""
    document = {"v": 1, "id": new_id("evt"), "type": type, "seq": seq, "ts": rfc3339(wall())}
    return orjson.dumps({**document, "account": "", "mode": "", "data": {"values": values}}).decode()


@dataclass(eq=False)
class Topic:
    """What the sockets of one workspace are shown."""

    workspace_id: int
    values: dict[str, Value] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    seq: int = 0
    sockets: set[Outgoing] = field(default_factory=set)
    loaded: asyncio.Event = field(default_factory=asyncio.Event)

    def take_values(self, values: dict[str, Value]) -> None:
        known = self.values
        self.changed.update(name for name, new in values.items() if name not in known or known[name] != new)
        self.values.update(values)

    def take_fact(self, fact: dict[str, Any]) -> None:
        self.seq = max(self.seq, fact["seq"])
        text = orjson.dumps(fact).decode()
        for socket in self.sockets:
            socket.put(text)

    def replace(self, values: dict[str, Value]) -> None:
        """Take over what Redis holds; what it no longer holds is gone. News that came meanwhile stays."""
        gone: dict[str, Value] = dict.fromkeys(self.values.keys() - values.keys() - self.changed)
        self.take_values(gone | {name: value for name, value in values.items() if name not in self.changed})

    def snapshot(self) -> str:
        shown = {name: value for name, value in self.values.items() if value is not None}
        return state_frame("portfolio.snapshot", self.seq, shown)

    def flush(self) -> None:
        if not self.changed:
            return
        delta = {name: self.values[name] for name in self.changed}
        frame = self.delta_frame(delta)
        for socket in self.sockets:
            socket.merge(delta, frame)
        self.values = {name: value for name, value in self.values.items() if value is not None}
        self.changed.clear()

    def delta_frame(self, values: dict[str, Value]) -> str:
        return state_frame("portfolio.delta", self.seq, values)


class Hub:
    """One per process. `join` and `leave` are called by the consumers, everything else runs by itself."""

    def __init__(self) -> None:
        self.topics: dict[int, Topic] = {}
        self.chains = ChainTopics()
        self._tasks: list[asyncio.Task[None]] = []
        self._subscribed = asyncio.Event()

    def start(self) -> None:
        """Begin to listen; harmless when it already does."""
        if not self._tasks:
            works = (self._listen, self._tick, self._live, self.chains.run)
            self._tasks = [asyncio.create_task(work()) for work in works]

    async def stop(self) -> None:
        """End the hub's own tasks."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def join(self, workspace_id: int, socket: Outgoing) -> Topic:
        """Show the workspace to `socket`: a snapshot first, then everything new."""
        self.start()
        await self._subscribed.wait()
        topic = self.topics.get(workspace_id)
        if topic is None:
            topic = self.topics[workspace_id] = Topic(workspace_id)
            await self._load(topic)
        await topic.loaded.wait()
        if self.topics.get(workspace_id) is not topic:  # its load failed or its last socket left: begin anew
            return await self.join(workspace_id, socket)
        topic.flush()
        socket.put(topic.snapshot())
        topic.sockets.add(socket)
        return topic

    def leave(self, topic: Topic, socket: Outgoing) -> None:
        """Forget the socket; the topic goes with its last one."""
        topic.sockets.discard(socket)
        if not topic.sockets and self.topics.get(topic.workspace_id) is topic:
            del self.topics[topic.workspace_id]

    async def _load(self, topic: Topic) -> None:
        try:
            newest = await database_sync_to_async(last_seq)(topic.workspace_id)
            topic.seq = max(topic.seq, newest)
            topic.replace(await asyncio.to_thread(values_of, topic.workspace_id))
        except BaseException:
            self.topics.pop(topic.workspace_id, None)
            raise
        finally:
            topic.loaded.set()

    async def _listen(self) -> None:
        faults = 0
        while True:
            try:
                async with self._connection() as redis, redis.pubsub() as pubsub:
                    await pubsub.subscribe(live_channel())
                    await self._catch_up()
                    self._subscribed.set()
                    faults = 0
                    while True:
                        message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=5.0)
                        if message:
                            self._take(orjson.loads(message["data"]))
            except (RedisError, DatabaseError, OSError) as fault:
                self._subscribed.clear()
                log.warning("live_hub_waits", fault=str(fault))
                await asyncio.sleep(BACK_OFF_S[min(faults, len(BACK_OFF_S) - 1)])
                faults += 1

    @staticmethod
    def _connection() -> Redis:
        """Without the client's own retries: a reconnect must come to our notice, because it is a gap."""
        return Redis.from_url(
            settings.REDIS_URL, retry=Retry(NoBackoff(), 0), health_check_interval=10, client_name=hub_name()
        )

    async def _catch_up(self) -> None:
        """After a gap: what changed meanwhile, and the facts that were sent meanwhile."""
        for topic in list(self.topics.values()):
            topic.replace(await asyncio.to_thread(values_of, topic.workspace_id))
            missed = await database_sync_to_async(facts_since)(topic.workspace_id, topic.seq)
            for fact in missed or []:
                topic.take_fact(fact)

    def _take(self, message: dict[str, Any]) -> None:
        topic = self.topics.get(message["w"])
        if topic is None:
            return
        if message["k"] == "fact":
            topic.take_fact(message["d"])
        else:
            topic.take_values(message["d"])

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(FLUSH_S)
            ticks += 1
            for topic in self.topics.values():
                if topic.loaded.is_set():
                    topic.flush()
                if ticks % round(HEARTBEAT_S / FLUSH_S) == 0:
                    for socket in topic.sockets:
                        socket.nudge(HEARTBEAT)

    async def _live(self) -> None:
        """Signs of life of the role."""
        while True:
            with contextlib.suppress(RedisError):
                await asyncio.to_thread(beat, "live")
            await asyncio.sleep(BEAT_S)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of this process (of its event loop)."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())


Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def lifespan(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """ASGI lifespan: the hub lives as long as the process."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub().start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await hub().stop()
            await send({"type": "lifespan.shutdown.complete"})
            return

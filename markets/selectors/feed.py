"""Reading the state of live prices: what each source delivers, and what somebody was told about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from redis.exceptions import RedisError

from qlplatform.core.redis import client, key


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source of live prices. `silent_since` and the reason in plain words while it is silent in trading
    hours; `leads`: its prices are the ones used.
    """

    name: str
    leads: bool
    last_tick: datetime | None
    ticks_per_s: float
    silent_since: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """Live prices as a whole. `stale`: instruments whose newest price is more than a minute old."""

    at: datetime
    sources: Sequence[SourceStatus]
    instruments: int
    quoted: int
    stale: int


@dataclass(frozen=True, slots=True)
class DataAlert:
    """Something that somebody should look at."""

    at: datetime
    code: str
    source: str
    text: str


def feed_status() -> FeedStatus | None:
    """What the role `feed` last said of live prices; None when it has no sources, is not running, or Redis is
    away.
    """
    try:
        data: Any = client().get(key("feed", "status"))
    except RedisError:
        return None
    if not data:
        return None
    found = orjson.loads(data)
    sources = [_source(row) for row in found["sources"]]
    return FeedStatus(_time(found["at"]), sources, found["instruments"], found["quoted"], found["stale"])


def data_alerts() -> list[DataAlert]:
    """The newest alerts, newest first; none while Redis is away."""
    try:
        rows: Any = client().lrange(key("data", "alerts"), 0, -1)
    except RedisError:
        return []
    found = [orjson.loads(row) for row in rows]
    return [DataAlert(_time(row["at"]), row["code"], row["source"], row["text"]) for row in found]


def _source(row: dict[str, Any]) -> SourceStatus:
    times = {name: _time(row[name]) if row[name] else None for name in ("last_tick", "silent_since")}
    return SourceStatus(
        row["name"],
        row["leads"],
        times["last_tick"],
        row["ticks_per_s"],
        times["silent_since"],
        row["reason"],
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)

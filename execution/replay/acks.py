"""Engines acknowledge the snapshots they have evaluated; a replay waits for them."""

from __future__ import annotations

from qlplatform.core import redis


def ack(market_id: int, seq: int) -> None:
    """The engine is done with snapshot `seq` of a market."""
    redis.client().set(redis.key("ack", market_id), seq, ex=86_400)


def acked(market_id: int) -> int:
    """The newest acknowledged snapshot of a market, 0 before the first."""
    return int(redis.client().get(redis.key("ack", market_id)) or 0)

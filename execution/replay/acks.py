"""Engines acknowledge the snapshots they have evaluated; a replay waits for them. Like the prices, word goes
through the memory of the host and through Redis: either will do.
"""

from __future__ import annotations

from contextlib import suppress

from redis.exceptions import RedisError

from markets import shared_prices
from markets.shared_prices import ACK
from qlplatform.core import redis


def ack(market_id: int, seq: int) -> None:
    """The engine is done with snapshot `seq` of a market. Raises redis.RedisError when other hosts could not
    be told; this one was.
    """
    ack_here(market_id, seq)
    redis.client().set(redis.key("ack", market_id), seq, ex=86_400)


def ack_here(market_id: int, seq: int) -> None:
    """Tell only the processes of this host, which needs no Redis."""
    with suppress(OSError):  # no memory to share: Redis it is
        shared_prices.write(market_id, seq, b"", ACK)


def acked(market_id: int) -> int:
    """The newest acknowledged snapshot of a market that is known here, 0 before the first."""
    held = shared_prices.read(market_id, ACK)
    if held is not None and held.live:
        return held.seq
    try:
        return int(redis.client().get(redis.key("ack", market_id)) or 0)
    except RedisError:
        return held.seq if held is not None else 0

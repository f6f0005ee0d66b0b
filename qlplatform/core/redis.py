"""One Redis pool per process, and the names of our keys."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from redis import Redis

PATIENCE_S = 2.0
"""A Redis that takes longer is away: nobody waits for it without end."""


@cache
def _client(url: str) -> Redis:
    return Redis.from_url(
        url,
        decode_responses=False,
        socket_connect_timeout=PATIENCE_S,
        socket_timeout=PATIENCE_S,
        health_check_interval=30,
    )


def client() -> Redis:
    """The pooled client of this process; values are bytes."""
    return _client(settings.REDIS_URL)


def key(*parts: str | int) -> str:
    """`key("quotes", 4)` -> "ql:quotes:4". The installation's prefix keeps parallel runs apart."""
    return ":".join((settings.QL_REDIS_PREFIX, *map(str, parts)))

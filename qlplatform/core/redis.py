"""One Redis pool per process, and the names of our keys."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from redis import Redis


@cache
def _client(url: str) -> Redis:
    return Redis.from_url(url, decode_responses=False, socket_connect_timeout=2, health_check_interval=30)


def client() -> Redis:
    """The pooled client of this process; values are bytes."""
    return _client(settings.REDIS_URL)


def key(*parts: str | int) -> str:
    """`key("quotes", 4)` -> "ql:quotes:4". The installation's prefix keeps parallel runs apart."""
    return ":".join((settings.QL_REDIS_PREFIX, *map(str, parts)))

"""System checks for deployment mistakes. `check --database default` runs all.

QL.E001 time zone · QL.E002 secret key · QL.E003 debug · QL.E004 hosts · QL.E005 demo users
QL.E010 PostgreSQL away · QL.E011 too old · QL.E012 not durable
QL.E021 Redis away · QL.W022 nothing kept · QL.E023 evicts
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's own name
from django.db import Error as DatabaseError
from django.db import connections
from redis import Redis
from redis.exceptions import RedisError, ResponseError

OLDEST_POSTGRES = 150000
SHORTEST_KEY = 50


@register(Tags.compatibility)
def check_time_zone(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Calendar, schedules and pages are in Indian time."""
    if (
        settings.TIME_ZONE == "Asia/Kolkata"
        and settings.USE_TZ
        and settings.CELERY_TIMEZONE == "Asia/Kolkata"
    ):
        return []
    return [
        Error(
            "The time zone is not Indian time.",
            "Leave TIME_ZONE at Asia/Kolkata and USE_TZ on.",
            id="QL.E001",
        )
    ]


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What must not reach a server that others can reach."""
    found: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        found.append(
            Error("SECRET_KEY is too short.", f"Use {SHORTEST_KEY} random characters.", id="QL.E002")
        )
    if settings.DEBUG:
        found.append(Error("DEBUG is on.", "Use qlplatform.settings.prod without DEBUG.", id="QL.E003"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error("Any host name is answered, or none.", "Set QL_ALLOWED_HOSTS to your names.", id="QL.E004")
        )
    if settings.QL_DEMO:
        found.append(Error("Demo users would be made.", "Set QL_DEMO=false.", id="QL.E005"))
    return found


@register(Tags.database)
def check_postgres(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Version and durability: an order intent must be on disk before it is sent."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SHOW server_version_num")
                version = int(cursor.fetchone()[0])
                cursor.execute("SHOW synchronous_commit")
                commit = cursor.fetchone()[0]
        except DatabaseError as error:
            return [Error(f"The database does not answer: {error}", "Check DATABASE_URL.", id="QL.E010")]
        found += postgres_findings(version, commit)
    return found


def postgres_findings(version: int, synchronous_commit: str) -> list[CheckMessage]:
    """`version` as server_version_num (150004)."""
    found: list[CheckMessage] = []
    if version < OLDEST_POSTGRES:
        found.append(Error(f"PostgreSQL {version // 10000} is too old.", "Use 15 or newer.", id="QL.E011"))
    if synchronous_commit == "off":
        hint = "Turn synchronous_commit on for this database."
        found.append(Error("PostgreSQL may lose what it has said is committed.", hint, id="QL.E012"))
    return found


@register(Tags.database)
def check_redis(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Reachable, kept on disk, and never evicting: queues live there."""
    if not databases:
        return []
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, decode_responses=True) as client:
            client.ping()
            return redis_findings(client.config_get("appendonly", "maxmemory-policy"))
    except ResponseError:
        return []  # a managed Redis does not show its configuration
    except RedisError as error:
        return [Error(f"Redis does not answer: {error}", "Check REDIS_URL.", id="QL.E021")]


def redis_findings(config: Any) -> list[CheckMessage]:
    """`config` as CONFIG GET gives it."""
    found: list[CheckMessage] = []
    if config.get("appendonly") == "no":
        hint = "Set appendonly yes: after a restart live figures take a moment."
        found.append(Warning("Redis keeps nothing over a restart.", hint, id="QL.W022"))
    if config.get("maxmemory-policy", "noeviction") != "noeviction":
        found.append(
            Error("Redis throws keys away when it is full.", "Set maxmemory-policy noeviction.", id="QL.E023")
        )
    return found

"""Our own gauges on /metrics: is news piling up, which roles are alive."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from django.db.models import Count, Min
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector
from redis.exceptions import RedisError

from qlplatform.core.clock import wall
from qlplatform.core.heartbeat import alive
from qlplatform.core.models import OutboxEvent


class PlatformGauges(Collector):
    """Read at every scrape; what cannot be read is left out."""

    def describe(self) -> Iterator[GaugeMetricFamily]:
        yield from (_waiting(), _oldest(), _roles())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        waiting, oldest, roles = _waiting(), _oldest(), _roles()
        try:
            found = OutboxEvent.objects.filter(relayed_at=None).aggregate(
                n=Count("pk"), first=Min("created_at")
            )
            waiting.add_metric([], found["n"])
            oldest.add_metric([], (wall() - found["first"]).total_seconds() if found["first"] else 0.0)
        except DatabaseError:
            pass
        try:
            for role, age in alive().items():
                roles.add_metric([role], age)
        except RedisError:
            pass
        yield from (waiting, oldest, roles)


def _waiting() -> GaugeMetricFamily:
    return GaugeMetricFamily("ql_outbox_waiting", "Facts committed but not yet relayed.")


def _oldest() -> GaugeMetricFamily:
    return GaugeMetricFamily("ql_outbox_oldest_seconds", "Age of the oldest fact not yet relayed.")


def _roles() -> GaugeMetricFamily:
    return GaugeMetricFamily(
        "ql_role_age_seconds", "Seconds since a role's last sign of life.", labels=["role"]
    )


REGISTRY.register(PlatformGauges())

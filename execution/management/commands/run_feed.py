"""Role `feed`: plays replays, and runs live prices beside them once a source of such is set up."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError

from brokers.registry import price_sources
from brokers.sandbox.feed import open_feed
from execution.replay.feed import Feed
from markets import shared_prices
from markets.feed.role import LivePrices
from markets.models import Market
from qlplatform.core.loop import RoleLoop

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # noqa: RUF012 - checked once at start-up, not by every role
    help = "Play replays and publish their prices, and those of live sources, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        _sweep()
        live = LivePrices(price_sources)
        live.start()
        try:
            RoleLoop("feed", Feed(open_feed()).step).run()
        finally:
            live.stop()


def _sweep() -> None:
    """Prices of markets that have ended, left in shared memory by a feed that was killed."""
    try:
        shared_prices.sweep(Market.objects.exclude(state=Market.State.ENDED).values_list("pk", flat=True))
    except DatabaseError as away:
        log.warning("feed.not_swept", error=str(away))

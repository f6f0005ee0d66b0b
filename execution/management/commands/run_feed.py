"""Role `feed`: plays replays (broker sockets join it with the broker adapters)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from brokers.sandbox.feed import open_feed
from execution.replay.feed import Feed
from qlplatform.core.loop import RoleLoop


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # noqa: RUF012 - checked once at start-up, not by every role
    help = "Play replays and publish their prices until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        RoleLoop("feed", Feed(open_feed()).step).run()

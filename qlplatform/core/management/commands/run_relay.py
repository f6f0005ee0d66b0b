"""Role `relay`: sends committed news on to screens and tasks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from qlplatform.core.loop import RoleLoop
from qlplatform.core.relay import relay_batch, wait_for_news

POLL_S = 1.0


def step() -> None:
    """Send what waits; when nothing does, sleep until the next commit with news."""
    if not relay_batch():
        wait_for_news(POLL_S)


class Command(BaseCommand):
    help = "Relay the outbox: live screens and tasks that asked for an event."

    def handle(self, *args: Any, **options: Any) -> None:
        RoleLoop("relay", step).run()

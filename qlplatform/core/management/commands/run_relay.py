"""Role `relay`: sends committed news on to screens and tasks."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from qlplatform.core.loop import RoleLoop
from qlplatform.core.relay import relay_batch, wait_for_news
from qlplatform.core.retention import forget_old

POLL_S = 1.0
FORGET_EVERY_S = 600.0


class Command(BaseCommand):
    help = "Relay the outbox: live screens and tasks that asked for an event."
    forgot_at = float("-inf")

    def handle(self, *args: Any, **options: Any) -> None:
        RoleLoop("relay", self.step).run()

    def step(self) -> None:
        """Send what waits; when nothing does, tidy up now and then and sleep until the next commit."""
        if relay_batch():
            return
        if time.monotonic() - self.forgot_at >= FORGET_EVERY_S:
            forget_old()
            self.forgot_at = time.monotonic()
        wait_for_news(POLL_S)

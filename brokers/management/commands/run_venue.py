"""Role `venue`: the simulated exchange of all paper accounts."""

from __future__ import annotations

import asyncio
import contextlib
import errno
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from django.core.management.base import BaseCommand, CommandError
from redis import RedisError

from brokers.sandbox import wire
from brokers.sandbox.desk import Desk
from brokers.sandbox.scenarios import Scenarios
from brokers.sandbox.server import DESK, build_app
from brokers.sandbox.venue import Venue
from qlplatform.core import heartbeat

HOST = "127.0.0.1"
BEAT_S = 3.0
SHUTDOWN_S = 3.0


class Command(BaseCommand):
    help = "Run the simulated exchange of all paper accounts (role venue) on the port of QL_VENUE_URL."
    requires_system_checks = ()  # the exchange has to come back quickly and needs none of the pages

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="another port than QL_VENUE_URL names")
        parser.add_argument("--scenarios", action="store_true", help="accept faults on demand (tests only)")

    def handle(self, *args: Any, port: int | None, scenarios: bool, **options: Any) -> None:
        venue = Venue()
        venue.load()
        app = build_app(Desk(venue, Scenarios() if scenarios else None))
        app.cleanup_ctx.append(_heartbeat)
        app.on_cleanup.append(_close_desk)
        port = port or urlsplit(wire.venue_url()).port or 80
        self.stdout.write(f"venue listens on http://{HOST}:{port}")
        try:
            web.run_app(app, host=HOST, port=port, print=None, access_log=None, shutdown_timeout=SHUTDOWN_S)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise CommandError(
                f"Port {port} is in use: stop the other program or set QL_VENUE_URL to a free port."
            ) from error


async def _heartbeat(app: web.Application) -> AsyncIterator[None]:
    """Show this role as alive while the application runs."""

    async def beat() -> None:
        while True:
            with contextlib.suppress(RedisError):  # a Redis that is away must not stop the exchange
                await asyncio.to_thread(heartbeat.beat, "venue")
            await asyncio.sleep(BEAT_S)

    task = asyncio.create_task(beat())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _close_desk(app: web.Application) -> None:
    await asyncio.to_thread(app[DESK].close)

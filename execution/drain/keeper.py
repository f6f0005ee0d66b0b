"""Keeps shards drained in a worker process.

One thread holds the lease of every shard it can get and runs rounds as long as the process lives. It wakes by
NOTIFY (new orders, new reports), by a Celery nudge, or after POLL_S: so orders leave with Redis and Beat
down, and the nudge only saves time.
"""

from __future__ import annotations

import asyncio
import threading
import time

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections

from execution.drain.drain import Drain
from execution.drain.lease import RENEW_S, Lease
from execution.drain.wakeups import Wakeups
from qlplatform.core.heartbeat import Pulse

log = structlog.get_logger(__name__)
POLL_S = 0.25
SHARDS = range(64)
CHANNELS = ("ql_orders", "ql_reports")


class Keeper:
    """The drain thread of a worker process."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._pulse = Pulse("worker")
        self._thread = threading.Thread(target=self._main, name="drain", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 8.0) -> None:
        """Finish the round under way and give the lease back."""
        self._stop.set()
        self._thread.join(timeout_s)

    def _main(self) -> None:
        while not self._stop.is_set():
            try:
                asyncio.run(self._keep())
            except (OperationalError, InterfaceError, OSError) as gone:
                log.warning("drain.database_lost", error=str(gone))
                self._stop.wait(0.5)
            except Exception:
                log.exception("drain.failed")
                self._stop.wait(0.5)

    async def _keep(self) -> None:
        lease = Lease()
        drain = Drain(lease)
        async with Wakeups(CHANNELS) as wakeups:
            renewer = asyncio.create_task(self._hold(drain, lease))
            try:
                while not self._stop.is_set():
                    if renewer.done():
                        renewer.result()
                    if not await drain.pass_once():
                        await wakeups.wait(POLL_S)
            finally:
                renewer.cancel()
                await drain.run_db(lease.release)
                await drain.close()

    async def _hold(self, drain: Drain, lease: Lease) -> None:
        """Take free shards and renew the held ones twice a second, beside the rounds."""
        while True:
            begun = time.monotonic()
            await drain.run_db(_renew_and_take, lease)
            self._pulse.felt()
            await asyncio.sleep(max(0.05, RENEW_S - (time.monotonic() - begun)))


def _renew_and_take(lease: Lease) -> None:
    close_old_connections()
    if lease.epochs:
        lease.renew()
    lease.take(SHARDS)


_keeper: Keeper | None = None


def keeper_start() -> None:
    """Start the drain thread of this process once."""
    global _keeper  # noqa: PLW0603 - one per process by design
    if _keeper is None and settings.QL_DRAIN_IN_WORKER:
        _keeper = Keeper()
        _keeper.start()


def keeper_stop() -> None:
    """Stop it before the process ends."""
    if _keeper is not None:
        _keeper.stop()

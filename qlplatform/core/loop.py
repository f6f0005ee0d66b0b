"""The life of a role that runs in a loop: signs of life, back-off after a fault, a clean end on SIGTERM."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import structlog
from django.db import InterfaceError, OperationalError, connections
from redis.exceptions import RedisError

from qlplatform.core.heartbeat import Pulse

log = structlog.get_logger(__name__)

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
BEAT_S = 2.0
TRANSIENT = (OperationalError, InterfaceError, RedisError, ConnectionError)


class RoleLoop:
    """Calls `step` until stopped. `step` waits by itself when there is nothing to do (at most 2 s)."""

    def __init__(self, role: str, step: Callable[[], object]) -> None:
        self.role, self.step = role, step
        self.stopping = threading.Event()
        self._pulse = Pulse(role)
        self._faults, self._beaten = 0, float("-inf")

    def run(self) -> None:
        """Run until SIGTERM or SIGINT; the step at work is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        log.info("role_started", role=self.role)
        while not self.stopping.is_set():
            self.turn()
        log.info("role_stopped", role=self.role)

    def turn(self) -> None:
        """One step; waits for a database or Redis that is away. Other faults end the role."""
        try:
            self._beat()
            self.step()
            self._faults = 0
        except TRANSIENT as fault:
            wait = BACK_OFF_S[min(self._faults, len(BACK_OFF_S) - 1)]
            self._faults += 1
            log.warning("role_waits", role=self.role, fault=str(fault), wait_s=wait)
            connections.close_all()
            self.stopping.wait(wait)

    def _beat(self) -> None:
        """A sign of life; Redis being away must not keep a role from its work (exits stay alive)."""
        if time.monotonic() - self._beaten >= BEAT_S:
            self._beaten = time.monotonic()
            self._pulse.felt()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

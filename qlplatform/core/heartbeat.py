"""Signs of life of the roles, for /readyz and /status/."""

from __future__ import annotations

import threading
from contextlib import suppress

from redis.exceptions import RedisError

from qlplatform.core.clock import wall
from qlplatform.core.redis import client, key

TTL_S = 10


def beat(role: str) -> None:
    """Say that `role` is alive; call it at least every 5 s from the loop that does the work."""
    client().hset(key("roles"), role, str(wall().timestamp()))


class Pulse:
    """The heartbeat of a loop, carried to Redis by a thread of its own: a Redis that hangs holds up the
    thread and never the work. `felt` is called by the loop, so a loop that stands still has no pulse.
    """

    def __init__(self, role: str) -> None:
        self._role = role
        self._felt = threading.Event()
        self._carrier: threading.Thread | None = None

    def felt(self) -> None:
        """The loop is at work. Never waits."""
        self._felt.set()
        if self._carrier is None:
            self._carrier = threading.Thread(target=self._carry, name=f"pulse-{self._role}", daemon=True)
            self._carrier.start()

    def _carry(self) -> None:
        while self._felt.wait():
            self._felt.clear()
            with suppress(RedisError):
                beat(self._role)


def alive() -> dict[str, float]:
    """Seconds since the last sign of each role heard within the last 10 s."""
    now = wall().timestamp()
    heard: dict[bytes, bytes] = client().hgetall(key("roles"))  # type: ignore[assignment]
    ages = {role.decode(): max(0.0, now - float(at)) for role, at in heard.items()}
    return {role: round(age, 1) for role, age in sorted(ages.items()) if age <= TTL_S}

"""Signs of life of the roles, for /readyz and /status/."""

from __future__ import annotations

from qlplatform.core.clock import wall
from qlplatform.core.redis import client, key

TTL_S = 10


def beat(role: str) -> None:
    """Say that `role` is alive; call it at least every 5 s from the loop that does the work."""
    client().hset(key("roles"), role, str(wall().timestamp()))


def alive() -> dict[str, float]:
    """Seconds since the last sign of each role heard within the last 10 s."""
    now = wall().timestamp()
    heard: dict[bytes, bytes] = client().hgetall(key("roles"))  # type: ignore[assignment]
    ages = {role.decode(): max(0.0, now - float(at)) for role, at in heard.items()}
    return {role: round(age, 1) for role, age in sorted(ages.items()) if age <= TTL_S}

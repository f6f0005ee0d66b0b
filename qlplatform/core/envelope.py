"""The envelope of every event: live sockets and webhooks send the same document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from qlplatform.core.models import OutboxEvent


def rfc3339(at: datetime) -> str:
    """UTC to the millisecond: 2026-11-20T08:12:07.123Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def envelope_of(event: OutboxEvent) -> dict[str, Any]:
    """A fact as integrators and screens see it; `seq` is what a socket hands back with `resume`."""
    return {
        "v": 1,
        "id": event.public_id,
        "type": event.type,
        "seq": event.pk,
        "ts": rfc3339(event.created_at),
        "account": event.account,
        "mode": event.mode,
        "data": event.data,
    }

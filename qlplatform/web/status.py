"""The state of the installation's parts: heartbeats of the roles, and what their supervisor says of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from redis.exceptions import RedisError

from qlplatform.core.heartbeat import alive

PURPOSES = {
    "web": "pages, admin, REST",
    "live": "live figures of the open pages",
    "beat": "the clock that opens runs at their entry time",
    "worker": "sends orders and asks the broker about them",
    "worker-research": "backtests and reports",
    "feed": "prices, and the clock of replays",
    "engine": "decides: entries, stops, targets, exits",
    "venue": "the simulated exchange of paper accounts",
    "relay": "tells screens and webhooks what happened",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the installation. `restarts` is None when no supervisor of ours runs it."""

    name: str
    state: str
    well: bool
    purpose: str
    restarts: int | None = None


def parts_now() -> list[Part]:
    """Every role with its state now; Redis first, since the others are heard through it."""
    watched = _supervised()
    try:
        heard = alive()
    except RedisError:
        return [Part("redis", "not reachable", False, "signs of life, live figures and task messages")]
    names = [name for name in PURPOSES if name in watched or name in heard]
    return [_part(name, watched.get(name), heard.get(name)) for name in names]


def _part(name: str, watched: dict[str, Any] | None, heard: float | None) -> Part:
    restarts = watched.get("restarts") if watched else None
    running = heard is not None or bool(watched and watched.get("state") == "running")
    state = "running" if running else str((watched or {}).get("state") or "not heard")
    return Part(name, state, running, PURPOSES[name], restarts)


def _supervised() -> dict[str, dict[str, Any]]:
    """The supervisor's own table, by role; empty when none of ours runs the roles."""
    path = Path(settings.VAR_DIR) / "status.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return rows_by_role(rows)


def rows_by_role(rows: Any) -> dict[str, dict[str, Any]]:
    """The table as {role: row}, whether it is written as a mapping or as a list of rows with `role`."""
    if isinstance(rows, dict):
        rows = rows.get("roles", rows)
    if isinstance(rows, dict):
        return {name: row for name, row in rows.items() if isinstance(row, dict)}
    return (
        {row["role"]: row for row in rows if isinstance(row, dict) and "role" in row}
        if isinstance(rows, list)
        else {}
    )

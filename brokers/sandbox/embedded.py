"""Whether this process holds the venue itself (replay in one process, tests) or asks role `venue`."""

from __future__ import annotations

from brokers.sandbox.desk import Desk
from brokers.sandbox.scenarios import Scenarios
from brokers.sandbox.venue import Venue

_desk: Desk | None = None


def use_venue(venue: Venue | None, scenarios: Scenarios | None = None) -> None:
    """Make `venue` the one this process's paper gateways and feeds talk to; None: role `venue` again."""
    global _desk  # noqa: PLW0603
    if _desk is not None:
        _desk.close()
    _desk = None if venue is None else Desk(venue, scenarios)


def embedded_desk() -> Desk | None:
    """The desk of the embedded venue, if there is one."""
    return _desk

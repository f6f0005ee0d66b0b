"""Faults on demand, for tests only: how the venue treats the next order of an account."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scenario:
    """What goes differently for one order; the default is an ordinary order.

    `partial_qty`: units filled now, the rest waits for the next price event. `refuse_code`: refused with it.
    `delay_s`: registered so much after receipt. `hold_s`: answered so much after the commit. `lost`: never
    registered, answered after `hold_s`. `throttled`: refused for the rate limit, not registered.
    """

    partial_qty: int = 0
    refuse_code: str = ""
    delay_s: float = 0.0
    hold_s: float = 0.0
    lost: bool = False
    throttled: bool = False


ORDINARY = Scenario()


class Scenarios:
    """Queued scenarios by account, each used by one order."""

    def __init__(self) -> None:
        self._queued: defaultdict[str, deque[Scenario]] = defaultdict(deque)

    def add(self, account_ref: str, scenario: Scenario) -> None:
        """Treat the next order of the account that has no scenario yet as `scenario` says."""
        self._queued[account_ref].append(scenario)

    def take(self, account_ref: str) -> Scenario:
        """The scenario of the order that arrives now."""
        queue = self._queued.get(account_ref)
        return queue.popleft() if queue else ORDINARY

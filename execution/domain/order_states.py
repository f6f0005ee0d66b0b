"""The order state table: every legal move of an order, and nothing else.

A terminal state is left only by a named move: a fill that was already on its way when the order was
cancelled, rejected or expired. Cumulative filled quantity never falls.
"""

from __future__ import annotations

from typing import Final

NEW = "NEW"
SENDING = "SENDING"
UNKNOWN = "UNKNOWN"
ACCEPTED = "ACCEPTED"
OPEN = "OPEN"
PARTIAL = "PARTIAL"
FILLED = "FILLED"
CANCELLED = "CANCELLED"
REJECTED = "REJECTED"
EXPIRED = "EXPIRED"

STATES: Final = (NEW, SENDING, UNKNOWN, ACCEPTED, OPEN, PARTIAL, FILLED, CANCELLED, REJECTED, EXPIRED)
UNSENT: Final = frozenset({NEW})
IN_DOUBT: Final = frozenset({SENDING, UNKNOWN})
WORKING: Final = frozenset({ACCEPTED, OPEN, PARTIAL})
TERMINAL: Final = frozenset({FILLED, CANCELLED, REJECTED, EXPIRED})
ALIVE: Final = UNSENT | IN_DOUBT | WORKING

_ANSWERS: Final = frozenset({ACCEPTED, OPEN, PARTIAL, FILLED, CANCELLED, REJECTED, EXPIRED})
_LATE_FILLS: Final = frozenset({PARTIAL, FILLED})

MOVES: Final[dict[str, frozenset[str]]] = {
    # ended before it left; or the broker speaks of it though its absence was thought proven: not sent again
    NEW: _ANSWERS | {SENDING},
    SENDING: _ANSWERS | {UNKNOWN, NEW},  # NEW: the connection never opened, or absence was proven
    UNKNOWN: _ANSWERS | {NEW},  # NEW: absence was proven, the same tag goes out again
    ACCEPTED: frozenset({OPEN, PARTIAL, FILLED, CANCELLED, REJECTED, EXPIRED}),
    OPEN: frozenset({PARTIAL, FILLED, CANCELLED, REJECTED, EXPIRED}),
    PARTIAL: frozenset({PARTIAL, FILLED, CANCELLED, EXPIRED}),
    FILLED: frozenset(),
    CANCELLED: _LATE_FILLS,  # the fill was already on its way
    REJECTED: _LATE_FILLS,
    EXPIRED: _LATE_FILLS,
}


class IllegalMove(Exception):
    """An order was asked to move against the state table."""

    def __init__(self, current: str, target: str) -> None:
        super().__init__(f"an order cannot go from {current} to {target}")
        self.current = current
        self.target = target


def check_move(current: str, target: str) -> None:
    """Raise IllegalMove unless `current` -> `target` is in the table."""
    if target not in MOVES[current]:
        raise IllegalMove(current, target)


def reported_state(current: str, *, reported: str, filled_qty: int, qty: int) -> str | None:
    """Where a broker's report moves an order; None when it says nothing new (late, repeated or out of order).

    `filled_qty` is the quantity known to be filled, this report included: fills outrank status words.
    """
    if current in TERMINAL and reported not in _LATE_FILLS:
        return None
    target = FILLED if filled_qty >= qty else reported
    if target in {ACCEPTED, OPEN} and filled_qty > 0:
        target = PARTIAL
    if current in TERMINAL and target == PARTIAL:
        return None  # a late fill of a part: it is counted, the order stays as ended as it was
    if target == current or target not in MOVES[current]:
        return None
    return target

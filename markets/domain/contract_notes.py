"""Charges as a contract note states them: one note for each client, day and segment.

The ledger posts every order exactly and rounds its sum to the paisa. A note adds its orders up by component,
rounds each to the paisa, STT and stamp duty to the rupee (half up); the difference is one adjustment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from markets.domain.charges import Charges
from qlplatform.core.money import round_half_up

# STT by its rules, stamp duty by the usage of contract notes
WHOLE_RUPEES = frozenset({"stt", "stamp"})


class RoundingMode(StrEnum):
    """`exact`: each order to the paisa. `contract_note`: as the broker's note of the day."""

    EXACT = "exact"
    CONTRACT_NOTE = "contract_note"


@dataclass(frozen=True, slots=True)
class ContractNote:
    """A day's charges of a client in a segment, in paise. `lines`: what the note states, by component."""

    lines: dict[str, int]
    exact_paise: int

    @property
    def total_paise(self) -> int:
        return sum(self.lines.values())

    @property
    def adjustment_paise(self) -> int:
        """What the note says more (or less) than the orders posted one by one."""
        return self.total_paise - self.exact_paise


def contract_note(orders: Sequence[Charges]) -> ContractNote:
    """The note of the orders of one client, day and segment."""
    sums = {name: sum((o.components()[name] for o in orders), Decimal(0)) for name in Charges().components()}
    lines = {name: _rounded(name, amount) for name, amount in sums.items()}
    return ContractNote(lines, sum(order.total_paise for order in orders))


def charges_paise(orders: Sequence[Charges], *, rounding_mode: RoundingMode = RoundingMode.EXACT) -> int:
    """What the orders of one client, day and segment cost."""
    note = contract_note(orders)
    return note.exact_paise if rounding_mode is RoundingMode.EXACT else note.total_paise


def _rounded(name: str, amount: Decimal) -> int:
    return round_half_up(amount) * 100 if name in WHOLE_RUPEES else round_half_up(amount * 100)

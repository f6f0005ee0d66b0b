"""What orders of one client and day cost, exactly and as the contract note of each segment states it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markets.domain.charges import Billed, Charges
from markets.domain.contract_notes import RoundingMode, contract_note
from markets.selectors.facts import charge_schedule


@dataclass(frozen=True, slots=True)
class Exercise:
    """A long option that expires in the money: its intrinsic value in paise a unit."""

    segment: str
    intrinsic_paise: int
    qty: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """`orders` and `exercises` are the exact components of each; amounts in paise."""

    plan: str
    on: date
    rounding_mode: RoundingMode
    orders: tuple[Charges, ...]
    exercises: tuple[Charges, ...]
    exact_paise: int
    adjustment_paise: int
    total_paise: int


def charges_estimate(
    *,
    plan: str,
    on: date,
    orders: Sequence[Billed],
    exercises: Sequence[Exercise] = (),
    rounding_mode: RoundingMode = RoundingMode.EXACT,
) -> Estimate:
    """Charges by the rates of `on`. Adjustments of the notes count in mode `contract_note` only.

    Raises UserError `fact_missing` for a rate or plan that is not known.
    """
    schedule = charge_schedule()
    due = [schedule.of(order) for order in orders]
    settled = [
        schedule.for_exercise(segment=e.segment, intrinsic_paise=e.intrinsic_paise, qty=e.qty, on=on)
        for e in exercises
    ]
    of_segment: dict[str, list[Charges]] = defaultdict(list)
    segments = [order.segment for order in orders] + [exercise.segment for exercise in exercises]
    for segment, charges in zip(segments, (*due, *settled), strict=True):
        of_segment[segment].append(charges)
    notes = [contract_note(rows) for rows in of_segment.values()]
    exact = sum(note.exact_paise for note in notes)
    as_note = rounding_mode is RoundingMode.CONTRACT_NOTE
    adjustment = sum(note.adjustment_paise for note in notes) if as_note else 0
    return Estimate(
        plan, on, rounding_mode, tuple(due), tuple(settled), exact, adjustment, exact + adjustment
    )

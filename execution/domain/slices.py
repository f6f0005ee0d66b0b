"""Cutting a quantity into orders the exchange accepts."""

from __future__ import annotations


def slice_qty(qty: int, *, freeze_qty: int, lot_size: int) -> list[int]:
    """Child quantities of whole lots, none above the freeze quantity, adding up to `qty` (units).

    Orders above the freeze quantity are refused by the exchange; see the dated contract facts for its value.
    """
    largest = max(freeze_qty // lot_size, 1) * lot_size
    whole, rest = divmod(qty, largest)
    return [largest] * whole + ([rest] if rest else [])

"""From the kernels' floating rupees to money."""

from __future__ import annotations

from decimal import Decimal

from qlplatform.core.money import round_half_up


def nearest_paise(rupees: float) -> int:
    """Whole paise, halves away from zero."""
    return round_half_up(Decimal(repr(float(rupees))) * 100)

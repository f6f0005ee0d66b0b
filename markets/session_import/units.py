"""Are open interest, volume and quantities counted in units or in contracts? The figures tell: counted in
units they are multiples of the lot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENOUGH = 0.9  # share of multiples from which figures count as units; of contracts 1 in a lot is one by chance
FAMILIES = {
    "open interest": ("oi", "oi_chg"),
    "volume": ("volume",),
    "quantities": ("bid_qty", "ask_qty"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """What was found: `units`, `contracts`, or `none` without a figure; the share of multiples of the lot."""

    found: str
    multiples: float
    figures: int

    def told(self) -> dict[str, object]:
        return {"found": self.found, "multiples_of_lot": round(self.multiples, 4), "figures": self.figures}


def unit_of(figures: Floats, lots: Floats) -> Unit:
    """The unit of figures, each with the lot of its contract; NaN, 0 and fractions do not count."""
    asked = np.isfinite(figures) & (figures != 0)
    if not asked.any():
        return Unit("none", 0.0, 0)
    share = float(np.mean(np.mod(np.abs(figures[asked]), lots[asked]) == 0))
    return Unit("units" if share >= ENOUGH else "contracts", share, int(asked.sum()))


def to_units(values: dict[str, Floats], lots: Floats) -> dict[str, Unit]:
    """Convert every family of figures in place to units; what each was found to be."""
    found = {}
    for family, names in FAMILIES.items():
        there = [name for name in names if name in values]
        if not there:
            continue
        unit = unit_of(values[there[0]], lots)
        if unit.found == "contracts":
            for name in there:
                values[name] = values[name] * lots
        found[family] = unit
    return found


def lot_from_quantities(quantities: Floats) -> int | None:
    """The lot that all quantities on offer are multiples of; None when they tell nothing."""
    whole = quantities[np.isfinite(quantities) & (quantities > 0)].astype(np.int64)
    lot = int(np.gcd.reduce(whole)) if len(whole) else 0
    return lot if lot > 1 else None

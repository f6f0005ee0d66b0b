"""What one unit of a contract loses in each of SPAN's 16 scenarios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SCENARIOS = 16
_THIRDS = (0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3)
# 1 and 2 unchanged, then a third, two thirds and the whole of the price scan range, up before down, each with
# volatility up and down; 15 and 16 are the extreme moves, volatility unchanged.
VOLATILITY_MOVES = np.array([1, -1] * 7 + [0, 0], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class RiskArray:
    """Losses of one long unit in rupees (a gain is negative), its delta, and the price of an option's unit.

    `price` is 0 for futures: they have no option value.
    """

    losses: Floats
    delta: float
    price: float


def price_moves(extreme_move: float) -> Floats:
    """The underlying's move in each scenario, in price scan ranges."""
    return np.array([third / 3 for third in _THIRDS] + [extreme_move, -extreme_move])


def cover(extreme_cover: float) -> Floats:
    """The share of each scenario's loss that counts."""
    return np.array([1.0] * 14 + [extreme_cover] * 2)

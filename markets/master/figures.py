"""Files that tell figures of underlyings rather than list contracts: lots, freeze limits, strike steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from markets.master.rows import Bad, Skip


class Figure(NamedTuple):
    """One figure of an underlying: `lot_size` and `freeze_qty` in units, `strike_step` in paise.

    `month` (its first day) is set where the figure holds for the contracts of that month only; `series` is
    the month as the strike scheme counts it: M1 is the nearest.
    """

    line: int
    underlying: str
    field: str
    value: int
    month: date | None = None
    series: str = ""


@dataclass(frozen=True, slots=True)
class FigureFile:
    """A publisher's file of figures. `parse` reads it from disk; `day_in` finds its day in its content."""

    name: str
    label: str
    parse: Callable[[Path], Iterable[Figure | Bad | Skip]]
    day_in: Callable[[Path], date | None] | None = None

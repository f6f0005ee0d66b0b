"""What legs of one expiry earn at expiry: piecewise linear, so breakevens and extremes are exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from markets.domain.pricing.normal import Floats

CALL, PUT, FUTURE = 1, -1, 0


@dataclass(frozen=True, slots=True)
class PricedLeg:
    """A position to be valued.

    `w`: +1 call, -1 put, 0 future (its strike does not matter); strike and `entry` price in rupees; `qty` in
    units, negative when short; `vol` as a decimal; `carry`: the yearly rate at which the forward of this
    expiry stands above the spot, ln(F/S) / T.
    """

    w: int
    strike: float
    years: float
    vol: float
    qty: int
    entry: float
    carry: float = 0.0


class Summary(NamedTuple):
    """P&L at expiry in rupees. None: unlimited. `max_loss` is the lowest P&L: negative when money is lost.

    `breakevens`: every level where the P&L is zero and, where it stays zero, the ends of the stretch.
    """

    breakevens: tuple[float, ...]
    max_profit: float | None
    max_loss: float | None


class _Line(NamedTuple):
    """The exact P&L: its value at level 0 and at each strike, and the slope beyond the last strike."""

    levels: list[Fraction]
    values: list[Fraction]
    slope: int


def single_expiry(legs: Sequence[PricedLeg]) -> bool:
    """Whether all legs end at one instant, so that the payoff is piecewise linear."""
    return len({leg.years for leg in legs}) == 1


def at_expiry(legs: Sequence[PricedLeg], levels: ArrayLike) -> Floats:
    """P&L in rupees at each level of the underlying when all legs have expired."""
    at = np.asarray(levels, dtype=np.float64)
    total = np.zeros(at.shape)
    for leg in legs:
        worth = np.maximum(leg.w * (at - leg.strike), 0.0) if leg.w else at
        total += leg.qty * (worth - leg.entry)
    return total


def summary(legs: Sequence[PricedLeg]) -> Summary:
    """Breakevens and extremes over all levels from 0 up, by exact fractions. ValueError for no legs or for
    several expiries (`scenarios.summary` takes those too).
    """
    if not single_expiry(legs):
        raise ValueError("An exact payoff needs legs of one expiry.")
    line = _line(legs)
    return Summary(
        breakevens=tuple(float(level) for level in _zeros(line)),
        max_profit=None if line.slope > 0 else float(max(line.values)),
        max_loss=None if line.slope < 0 else float(min(line.values)),
    )


def upside_slope(legs: Sequence[PricedLeg]) -> int:
    """Rupees a point of the underlying beyond every strike: units of calls and futures together."""
    return sum(leg.qty for leg in legs if leg.w != PUT)


def _line(legs: Sequence[PricedLeg]) -> _Line:
    levels = [Fraction(0), *sorted({_exact(leg.strike) for leg in legs if leg.w})]
    return _Line(levels, [_value(legs, level) for level in levels], upside_slope(legs))


def _value(legs: Sequence[PricedLeg], level: Fraction) -> Fraction:
    total = Fraction(0)
    for leg in legs:
        worth = max(leg.w * (level - _exact(leg.strike)), Fraction(0)) if leg.w else level
        total += leg.qty * (worth - _exact(leg.entry))
    return total


def _exact(value: float) -> Fraction:
    """The decimal number as it is written: 0.1 is a tenth, not the float nearest to it."""
    return Fraction(repr(float(value)))


def _zeros(line: _Line) -> list[Fraction]:
    found = []
    pairs = list(zip(line.levels, line.values, strict=True))
    for (low, at_low), (high, at_high) in pairwise(pairs):
        if at_low * at_high < 0:
            found.append(low + (high - low) * at_low / (at_low - at_high))
        if at_high == 0 and not _inside_plateau(line, high):
            found.append(high)
    last, at_last = pairs[-1]
    if at_last * line.slope < 0:
        found.append(last - at_last / line.slope)
    return found


def _inside_plateau(line: _Line, level: Fraction) -> bool:
    """Whether the P&L is zero on both sides of a strike where it is zero."""
    place = line.levels.index(level)
    before = line.values[place - 1]
    after = line.values[place + 1] if place + 1 < len(line.values) else line.slope
    return before == 0 and after == 0

"""SPAN of one underlying from risk arrays: scan risk, calendar spread charge, net option value.

span = max(0, max(scan + spread charge, short option minimum) - net option value); scan = max(0, worst of
the 16 scenario losses). A short option's value is negative and raises the margin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from markets.domain.margin.arrays import RiskArray
from markets.domain.margin.legs import MarginLeg
from markets.domain.margin.risk_file import FileSpread

Deltas = dict[date, float]
SpreadCharge = Callable[[Deltas], float]


@dataclass(frozen=True, slots=True)
class Span:
    """In rupees; `worst_scenario` counts from 1 as the file does, 0 when no scenario loses."""

    scan: float = 0.0
    spread_charge: float = 0.0
    net_option_value: float = 0.0
    total: float = 0.0
    worst_scenario: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A leg with its array."""

    leg: MarginLeg
    array: RiskArray


def span(lines: Sequence[Line], spreads: SpreadCharge, minimum_per_unit: float = 0.0) -> Span:
    """The requirement of legs that offset each other, across strikes and expiries."""
    if not lines:
        return Span()
    losses = np.sum([line.leg.qty * line.array.losses for line in lines], axis=0)
    worst = int(np.argmax(losses))
    scan = max(0.0, float(losses[worst]))
    charge = spreads(net_deltas(lines))
    value = sum(line.leg.qty * line.array.price for line in lines)
    least = minimum_per_unit * -sum(line.leg.qty for line in lines if line.leg.is_short_option)
    total = max(0.0, max(scan + charge, least) - value)
    return Span(scan, charge, value, total, worst + 1 if scan > 0 else 0)


def net_deltas(lines: Sequence[Line]) -> Deltas:
    """Composite delta by expiry, in units."""
    deltas: Deltas = defaultdict(float)
    for line in lines:
        deltas[line.leg.expiry] += line.leg.qty * line.array.delta
    return dict(deltas)


def file_spreads(spreads: Sequence[FileSpread]) -> SpreadCharge:
    """The charge by a file's own table, in its order."""

    def charge(deltas: Deltas) -> float:
        left = dict(deltas)
        return sum(
            spread.rate * _match(left, spread.near, spread.far, spread.near_ratio, spread.far_ratio)
            for spread in spreads
        )

    return charge


def far_share(share: float, far_price: Callable[[date], float]) -> SpreadCharge:
    """A share of the far contract's price per matched delta, expiries next to each other first."""

    def charge(deltas: Deltas) -> float:
        left, days = dict(deltas), sorted(deltas)
        pairs = sorted(combinations(range(len(days)), 2), key=lambda pair: (pair[1] - pair[0], pair))
        return sum(share * far_price(days[far]) * _match(left, days[near], days[far]) for near, far in pairs)

    return charge


def _match(left: Deltas, near: date, far: date, near_ratio: float = 1.0, far_ratio: float = 1.0) -> float:
    """Spreads that opposite deltas of two expiries form; they are used up."""
    one, other = left.get(near, 0.0), left.get(far, 0.0)
    if one * other >= 0:
        return 0.0
    count = min(abs(one) / near_ratio, abs(other) / far_ratio)
    left[near] -= np.sign(one) * count * near_ratio
    left[far] -= np.sign(other) * count * far_ratio
    return count


def apart_on_expiry(lines: Sequence[Line], day: date, offset: bool) -> tuple[tuple[Line, ...], ...]:
    """The groups of legs that offset each other on `day`: contracts that expire on it stand alone, unless the
    rules still let them offset later ones.
    """
    if offset:
        return (tuple(lines),)
    last = tuple(line for line in lines if line.leg.expiry == day)
    rest = tuple(line for line in lines if line.leg.expiry != day)
    return tuple(group for group in (last, rest) if group)

"""What a clearing corporation's risk parameter file (.spn) says of one underlying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from markets.domain.margin.arrays import RiskArray
from markets.domain.margin.legs import MarginLeg
from qlplatform.core.errors import UserError

Contract = tuple[str, date, int]  # kind, expiry, strike in paise (0 for futures)


@dataclass(frozen=True, slots=True)
class FileSpread:
    """A calendar spread: `rate` rupees per spread of the two expiries, each in its ratio of deltas."""

    near: date
    far: date
    rate: float
    near_ratio: float = 1.0
    far_ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class FileUnderlying:
    """One combined commodity: its contracts' arrays, spreads in their order, and the level of the index."""

    name: str
    spot_paise: int
    contracts: Mapping[Contract, RiskArray]
    future_prices: Mapping[date, int] = field(default_factory=dict)  # paise
    spreads: Sequence[FileSpread] = ()
    short_option_minimum: float = 0.0  # rupees per unit


@dataclass(frozen=True, slots=True)
class RiskFile:
    """A file of one day; `created` is the time of its making as printed in it."""

    day: date
    created: str
    settlement: bool
    underlyings: Mapping[str, FileUnderlying]


def file_arrays(legs: Sequence[MarginLeg], underlying: FileUnderlying) -> tuple[RiskArray, ...]:
    """The file's array of each leg; UserError `contract_not_in_file` names the first that is missing."""
    return tuple(_array(leg, underlying) for leg in legs)


def _array(leg: MarginLeg, underlying: FileUnderlying) -> RiskArray:
    found = underlying.contracts.get((leg.kind, leg.expiry, leg.strike_paise))
    if found is None:
        strike = f" {leg.strike_paise / 100:g}" if leg.is_option else ""
        raise UserError(
            f"The risk file has no {underlying.name} {leg.expiry:%d %b %Y}{strike} {leg.kind}.",
            code="contract_not_in_file",
        )
    return found

"""The strategy specification, version 1, as typed values: what `parse_spec` returns and everything else
reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from fractions import Fraction
from typing import Final

from strategies.engine.types import Right, Side


class Day(StrEnum):
    """Weekdays as written in a spec; the order is that of `date.weekday()`."""

    MON = "MON"
    TUE = "TUE"
    WED = "WED"
    THU = "THU"
    FRI = "FRI"
    SAT = "SAT"
    SUN = "SUN"


WEEKDAYS: Final = (Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI)


class PriceFrom(StrEnum):
    SPOT = "SPOT"


class TradeType(StrEnum):
    INTRADAY = "INTRADAY"


class Product(StrEnum):
    MIS = "MIS"
    NRML = "NRML"


class PriceBasis(StrEnum):
    FILL = "FILL"


class ExpiryMethod(StrEnum):
    WEEKLY = "WEEKLY"


class SquareOff(StrEnum):
    """What a leg's stop or target closes: that leg alone, or every leg."""

    PARTIAL = "PARTIAL"
    COMPLETE = "COMPLETE"


class Policy(StrEnum):
    ALL_OR_UNWIND = "ALL_OR_UNWIND"


class StopPlacement(StrEnum):
    ON_TRIGGER = "ON_TRIGGER"


class MtmScope(StrEnum):
    CYCLE = "CYCLE"


class MtmBasis(StrEnum):
    GROSS = "GROSS"


class OverallUnit(StrEnum):
    RUPEES = "RUPEES"


class StrikeMethod(StrEnum):
    ATM_OFFSET = "ATM_OFFSET"
    EXACT = "EXACT"


class DistanceType(StrEnum):
    PREMIUM_POINTS = "PREMIUM_POINTS"
    PREMIUM_PCT = "PREMIUM_PCT"


class TrailType(StrEnum):
    STEP = "STEP"


class TrailUnit(StrEnum):
    POINTS = "POINTS"
    PCT = "PCT"


@dataclass(frozen=True, slots=True)
class AtmOffset:
    """n listed strikes from the money: 0 ATM, +n out of the money, -n in the money."""

    offset: int


@dataclass(frozen=True, slots=True)
class ExactStrike:
    strike_paise: int


@dataclass(frozen=True, slots=True)
class Distance:
    """How far from the entry price a stop or target lies: rupees of premium, or percent of entry."""

    type: DistanceType
    value: Fraction


@dataclass(frozen=True, slots=True)
class StepTrail:
    """For every full `x` of peak favourable move the stop shifts by `y`; both rupees, or both percent of
    entry.
    """

    unit: TrailUnit
    x: Fraction
    y: Fraction


@dataclass(frozen=True, slots=True)
class Leg:
    id: str
    side: Side
    right: Right
    lots: int
    strike_by: AtmOffset | ExactStrike
    stop: Distance | None = None
    target: Distance | None = None
    trail: StepTrail | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    name: str
    underlying: str
    entry_time: time
    exit_time: time
    last_entry_time: time
    legs: tuple[Leg, ...]
    days: tuple[Day, ...] = WEEKDAYS
    underlying_price_from: PriceFrom = PriceFrom.SPOT
    trade_type: TradeType = TradeType.INTRADAY
    product: Product = Product.MIS
    price_basis: PriceBasis = PriceBasis.FILL
    expiry_by: ExpiryMethod = ExpiryMethod.WEEKLY
    square_off: SquareOff = SquareOff.PARTIAL
    overall_stop_paise: int | None = None
    overall_target_paise: int | None = None
    policy: Policy = Policy.ALL_OR_UNWIND
    stop_placement: StopPlacement = StopPlacement.ON_TRIGGER
    mtm_scope: MtmScope = MtmScope.CYCLE
    mtm_basis: MtmBasis = MtmBasis.GROSS
    cycle_limit: int = 1
    fill_timeout_s: int = 10
    protection_pct: Fraction = Fraction(2)

"""A strategy resolved for one trading day: everything that can be known before the first price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from strategies.engine.types import Right, Side
from strategies.spec.model import (
    AtmOffset,
    Day,
    Distance,
    DistanceType,
    ExactStrike,
    Leg,
    Spec,
    SquareOff,
    StepTrail,
    TrailUnit,
)

IST: Final = ZoneInfo("Asia/Kolkata")


@dataclass(frozen=True, slots=True)
class Span:
    """A distance on the premium: `points` in paise, or `share` of the entry price; the other one is zero."""

    points: Fraction
    share: Fraction

    def of(self, entry: Fraction) -> Fraction:
        """The distance in paise for a leg entered at `entry` paise."""
        return self.points + self.share * entry


@dataclass(frozen=True, slots=True)
class Trail:
    x: Span
    y: Span


@dataclass(frozen=True, slots=True)
class LegProgram:
    id: str
    side: Side
    right: Right
    lots: int
    strike_by: AtmOffset | ExactStrike
    stop: Span | None
    target: Span | None
    trail: Trail | None


@dataclass(frozen=True, slots=True)
class Program:
    """`lots` of the legs hold the deployment's multiplier already; `bonds` pairs a long with the shorts it
    covers.
    """

    underlying: str
    trading_date: date
    day_allowed: bool
    entry_at: datetime
    last_entry_at: datetime
    exit_at: datetime
    fill_timeout: timedelta
    square_off: SquareOff
    overall_stop_paise: int | None
    overall_target_paise: int | None
    legs: tuple[LegProgram, ...]
    bonds: tuple[tuple[int, ...], ...]

    def index(self, leg_id: str) -> int | None:
        return next((i for i, leg in enumerate(self.legs) if leg.id == leg_id), None)


def compile(spec: Spec, *, multiplier: int, trading_date: date) -> Program:
    """Resolve `spec` for `trading_date`; lots times `multiplier` (at least 1, else ValueError)."""
    if multiplier < 1:
        raise ValueError(f"multiplier must be at least 1, not {multiplier}")
    return Program(
        underlying=spec.underlying,
        trading_date=trading_date,
        day_allowed=tuple(Day)[trading_date.weekday()] in spec.days,
        entry_at=_at(trading_date, spec.entry_time),
        last_entry_at=_at(trading_date, spec.last_entry_time),
        exit_at=_at(trading_date, spec.exit_time),
        fill_timeout=timedelta(seconds=spec.fill_timeout_s),
        square_off=spec.square_off,
        overall_stop_paise=spec.overall_stop_paise,
        overall_target_paise=spec.overall_target_paise,
        legs=tuple(_leg(leg, multiplier) for leg in spec.legs),
        bonds=_bonds(spec.legs),
    )


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=IST)


def _leg(leg: Leg, multiplier: int) -> LegProgram:
    return LegProgram(
        id=leg.id,
        side=leg.side,
        right=leg.right,
        lots=leg.lots * multiplier,
        strike_by=leg.strike_by,
        stop=_span(leg.stop),
        target=_span(leg.target),
        trail=_trail(leg.trail),
    )


def _span(distance: Distance | None) -> Span | None:
    if distance is None:
        return None
    percent = distance.type is DistanceType.PREMIUM_PCT
    return _span_of(distance.value, percent=percent)


def _span_of(value: Fraction, *, percent: bool) -> Span:
    return Span(Fraction(0), value / 100) if percent else Span(value * 100, Fraction(0))


def _trail(trail: StepTrail | None) -> Trail | None:
    if trail is None:
        return None
    percent = trail.unit is TrailUnit.PCT
    return Trail(_span_of(trail.x, percent=percent), _span_of(trail.y, percent=percent))


def _bonds(legs: tuple[Leg, ...]) -> tuple[tuple[int, ...], ...]:
    """For each leg the shorts it covers: longs are given to shorts of the same right in spec order, lot by
    lot.

    The hedge bond of the strategy vocabulary, section 8: such a long never leaves before its shorts.
    """
    bare = {i: leg.lots for i, leg in enumerate(legs) if leg.side is Side.SELL}
    bonds: list[tuple[int, ...]] = []
    for leg in legs:
        covered: list[int] = []
        spare = leg.lots if leg.side is Side.BUY else 0
        for i in [i for i in bare if legs[i].right is leg.right]:
            used = min(spare, bare[i])
            if used:
                spare, bare[i] = spare - used, bare[i] - used
                covered.append(i)
        bonds.append(tuple(covered))
    return tuple(bonds)

"""What a structure may earn: extremes, breakevens, probability of profit, curves and a grid of scenarios."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from markets.domain.pricing import probability, scenarios
from markets.domain.pricing.black76 import DAYS_A_YEAR, Greeks
from markets.domain.pricing.payoff import PricedLeg, Summary
from markets.domain.structures.valued import Term, Valued

Floats = NDArray[np.float64]

MOVES_PCT = (-6.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 6.0)
VOL_SHIFTS = (-0.05, -0.02, 0.0, 0.02, 0.05)
CURVE_POINTS = 121
SIGMAS = 3.0
LOWEST = 0.01  # rupees: a curve ends above 0, where nothing can be priced
LEAST_REACH = 0.05  # of the spot: how far a curve reaches to each side at least
BEYOND = 1.1  # and so much farther than the outermost strike


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """P&L in rupees by level of the underlying: at the first expiry, and now."""

    levels: Floats
    expiry: Floats
    now: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """P&L in rupees as [day][volatility shift][level]."""

    moves_pct: tuple[float, ...]
    vol_shifts: tuple[float, ...]
    days: tuple[float, ...]
    levels: Floats
    pnl: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """All of it. `probability` is None when no leg has a volatility."""

    summary: Summary
    probability: float | None
    curves: Curves
    grid: Grid
    greeks: Greeks


def outlook(legs: Sequence[Valued], terms: Mapping[date, Term], spot: float, rate: float) -> Outlook:
    """The structure from now (at `spot` rupees) to its first expiry."""
    priced = [leg.priced(terms[leg.quoted.leg.expiry], spot) for leg in legs]
    summary = scenarios.summary(priced, spot, rate)
    return Outlook(
        summary=summary,
        probability=_probability(legs, priced, terms, spot, rate),
        curves=_curves(priced, summary, spot, rate),
        grid=_grid(priced, spot, rate),
        greeks=scenarios.position_greeks(priced, spot, rate),
    )


def _probability(
    legs: Sequence[Valued], priced: Sequence[PricedLeg], terms: Mapping[date, Term], spot: float, rate: float
) -> float | None:
    term = terms[min(terms)]
    vol = _money_vol(legs, term.forward.value)
    if vol is None:
        return None
    ends = probability.Outlook(term.forward.value, term.years, vol)
    return probability.of_profit(priced, ends, spot, rate)


def _money_vol(legs: Sequence[Valued], forward: float) -> float | None:
    """The volatility of the leg that expires first and lies nearest to the money."""
    known = [leg for leg in legs if leg.quoted.leg.w and leg.vol > 0]
    if not known:
        return None
    return min(known, key=lambda leg: (leg.quoted.leg.expiry, abs(leg.quoted.strike - forward))).vol


def _curves(priced: Sequence[PricedLeg], summary: Summary, spot: float, rate: float) -> Curves:
    levels = _levels(priced, summary, spot)
    return Curves(levels, scenarios.first_expiry(priced, levels, rate), scenarios.curve(priced, levels, rate))


def _levels(priced: Sequence[PricedLeg], summary: Summary, spot: float) -> Floats:
    """Even steps, and the points where lines bend or cross zero."""
    strikes = [leg.strike for leg in priced if leg.w]
    sigma = max((leg.vol * math.sqrt(leg.years) for leg in priced), default=0.0)
    reach = max([LEAST_REACH, SIGMAS * sigma, *(BEYOND * abs(strike / spot - 1) for strike in strikes)])
    low, high = max(spot * (1 - reach), LOWEST), spot * (1 + reach)
    inside = [level for level in summary.breakevens if low <= level <= high]
    steps = np.linspace(low, high, CURVE_POINTS)
    return np.unique(np.round(np.concatenate([steps, strikes, inside, [spot]]), 2))


def _grid(priced: Sequence[PricedLeg], spot: float, rate: float) -> Grid:
    last = min(leg.years for leg in priced) * DAYS_A_YEAR
    days = tuple(dict.fromkeys((0.0, last / 2, last)))
    levels = np.round(spot * (1 + np.array(MOVES_PCT) / 100), 2)
    return Grid(MOVES_PCT, VOL_SHIFTS, days, levels, scenarios.grid(priced, levels, VOL_SHIFTS, days, rate))

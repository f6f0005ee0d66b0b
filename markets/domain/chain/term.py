"""Volatility over expiries and over days: term structure, constant maturity, rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from markets.domain.pricing.forward import Forward

FEWEST_DAYS = 20
"""Rank and percentile of fewer days say nothing."""
YEAR_DAYS = 252
"""Trading days they look back."""
MONTH_DAYS = 30
CALENDAR_YEAR = 365


@dataclass(frozen=True, slots=True)
class TermPoint:
    """One expiry at one instant: years left, straddle in rupees, ATM IV as a decimal a year."""

    expiry: date
    years: float
    forward: Forward | None
    atm_iv: float | None
    straddle: float | None


@dataclass(frozen=True, slots=True)
class IvRank:
    """Where today's IV stands among earlier days. `rank` 0-100 between the lowest and the highest,
    `percentile` the share of days below; both None below FEWEST_DAYS of history (`days`). `basis`: iv_30d
    or iv_near.
    """

    days: int
    rank: float | None = None
    percentile: float | None = None
    basis: str = "iv_30d"


def iv_at(points: Sequence[TermPoint], days: int = MONTH_DAYS) -> float | None:
    """The ATM IV of a constant maturity: total variance interpolated linearly in time between the two
    expiries around it (as volatility indices do); None unless two expiries enclose it.
    """
    known = sorted((p.years, p.atm_iv) for p in points if p.atm_iv is not None and p.years > 0)
    wanted = days / CALENDAR_YEAR
    if not known or not known[0][0] <= wanted <= known[-1][0]:
        return None
    years = np.array([y for y, _ in known])
    variance = np.array([iv * iv * y for y, iv in known])
    return float(np.sqrt(np.interp(wanted, years, variance) / wanted))


def near_iv(points: Sequence[TermPoint]) -> TermPoint | None:
    """The nearest expiry that has an ATM IV."""
    known = [point for point in points if point.atm_iv is not None]
    return min(known, key=lambda point: point.expiry) if known else None


def iv_rank(now: float | None, history: Sequence[float], basis: str = "iv_30d") -> IvRank:
    """Rank and percentile of `now` among the IVs of earlier days."""
    days = len(history)
    if now is None or days < FEWEST_DAYS:
        return IvRank(days, basis=basis)
    low, high = min(history), max(history)
    rank = 100 * (now - low) / (high - low) if high > low else None
    below = sum(iv < now for iv in history)
    return IvRank(days, None if rank is None else min(max(rank, 0.0), 100.0), 100 * below / days, basis)

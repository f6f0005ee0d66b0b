"""How likely a position ends in profit, with the underlying lognormal around its forward."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from math import exp, inf, sqrt
from typing import NamedTuple

import numpy as np

from markets.domain.pricing import payoff, scenarios
from markets.domain.pricing.normal import Floats, cdf
from markets.domain.pricing.payoff import PricedLeg

ROUNDING = 1e-6  # rupees: a stretch without profit may not become one by the last digit of a float


class Outlook(NamedTuple):
    """The distribution at expiry: median forward exp(-vol² years / 2)."""

    forward: float
    years: float
    vol: float


class Band(NamedTuple):
    """Two levels of the underlying."""

    low: float
    high: float


def of_profit(legs: Sequence[PricedLeg], outlook: Outlook, spot: float, rate: float) -> float:
    """The probability that the P&L at the first expiry is above zero: exact between the breakevens.

    `outlook` describes the underlying at that expiry; spot and rate matter only to legs that live on.
    """
    points = scenarios.summary(legs, spot, rate).breakevens
    if payoff.single_expiry(legs):
        zones = profit_zones(points, lambda levels: payoff.at_expiry(legs, levels))
    else:
        zones = profit_zones(points, lambda levels: scenarios.first_expiry(legs, levels, rate))
    return within(zones, outlook)


def profit_zones(breakevens: Iterable[float], pnl: Callable[[Floats], Floats]) -> list[Band]:
    """The stretches between breakevens in which `pnl` is above zero."""
    edges = [0.0, *breakevens, inf]
    stretches = [Band(low, high) for low, high in pairwise(edges) if low < high]
    inside = [(low + high) / 2 if high < inf else 2 * low + 1 for low, high in stretches]
    gains = pnl(np.array(inside)) > ROUNDING
    return [stretch for stretch, gain in zip(stretches, gains, strict=True) if gain]


def within(zones: Iterable[Band], outlook: Outlook) -> float:
    """The probability that the underlying ends inside one of the zones."""
    bounds = np.array([tuple(zone) for zone in zones], dtype=np.float64).reshape(-1, 2)
    shares = below(bounds, outlook)
    return float(np.sum(shares[:, 1] - shares[:, 0]))


def below(levels: Floats, outlook: Outlook) -> Floats:
    """The probability that the underlying ends at or below each level."""
    forward, years, vol = outlook
    spread = vol * sqrt(max(years, 0.0))
    if spread == 0:
        return np.where(levels >= forward, 1.0, 0.0)
    with np.errstate(divide="ignore"):
        return cdf((np.log(levels / forward) + 0.5 * spread * spread) / spread)


def band(outlook: Outlook, sigmas: float = 1.0) -> Band:
    """The levels `sigmas` standard deviations around the median; one holds 68.27 % of outcomes."""
    spread = outlook.vol * sqrt(max(outlook.years, 0.0))
    median = outlook.forward * exp(-0.5 * spread * spread)
    return Band(median * exp(-sigmas * spread), median * exp(sigmas * spread))

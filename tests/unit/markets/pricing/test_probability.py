"""Probability of profit and the expected band, against integration in plain Python."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest

from markets.domain.pricing import payoff, probability, scenarios
from markets.domain.pricing.payoff import CALL, PUT, PricedLeg
from markets.domain.pricing.probability import Outlook
from tests.unit.markets.pricing.plain import normal

WEEK = 7 / 365
OUTLOOK = Outlook(24372.5, WEEK, 0.13)
STRADDLE = [
    PricedLeg(CALL, 24350, WEEK, 0.13, -75, 180.0),
    PricedLeg(PUT, 24350, WEEK, 0.13, -75, 160.0),
]


def integrated(pnl, outlook: Outlook) -> float:
    """Share of 200,001 equally likely outcomes that gain."""
    edges = np.linspace(-8, 8, 200_002)
    z = (edges[:-1] + edges[1:]) / 2
    spread = outlook.vol * sqrt(outlook.years)
    levels = outlook.forward * np.exp(-0.5 * spread**2 + spread * z)
    weights = np.exp(-0.5 * z * z)
    return float(weights[pnl(levels) > 0].sum() / weights.sum())


def test_a_short_straddle_gains_between_its_breakevens() -> None:
    spread = 0.13 * sqrt(WEEK)
    z = [np.log(level / 24372.5) / spread + spread / 2 for level in (24010.0, 24690.0)]
    got = probability.of_profit(STRADDLE, OUTLOOK, 24350, 0.065)
    assert got == pytest.approx(normal(z[1]) - normal(z[0]), rel=1e-12)
    assert got == pytest.approx(
        integrated(lambda levels: payoff.at_expiry(STRADDLE, levels), OUTLOOK), abs=1e-4
    )


def test_buyer_and_seller_share_all_outcomes() -> None:
    bought = [PricedLeg(leg.w, leg.strike, leg.years, leg.vol, -leg.qty, leg.entry) for leg in STRADDLE]
    sold = probability.of_profit(STRADDLE, OUTLOOK, 24350, 0.065)
    assert probability.of_profit(bought, OUTLOOK, 24350, 0.065) == pytest.approx(1 - sold, abs=1e-12)


def test_a_calendar_spread_counts_at_its_first_expiry() -> None:
    legs = [
        PricedLeg(CALL, 24350, WEEK, 0.13, -75, 165.0),
        PricedLeg(CALL, 24350, 35 / 365, 0.14, 75, 410.0),
    ]
    got = probability.of_profit(legs, OUTLOOK, 24350, 0.065)
    expected = integrated(lambda levels: scenarios.first_expiry(legs, levels, 0.065), OUTLOOK)
    assert got == pytest.approx(expected, abs=1e-4)


def test_certain_profit_and_certain_loss() -> None:
    box = [PricedLeg(CALL, 24300, WEEK, 0.13, 75, 100.0), PricedLeg(CALL, 24500, WEEK, 0.13, -75, 110.0)]
    inverse = [PricedLeg(leg.w, leg.strike, leg.years, leg.vol, -leg.qty, leg.entry) for leg in box]
    assert probability.of_profit(box, OUTLOOK, 24350, 0.065) == 1.0
    assert probability.of_profit(inverse, OUTLOOK, 24350, 0.065) == 0.0


def test_no_profit_is_not_made_one_by_rounding() -> None:
    nothing = [
        PricedLeg(CALL, 24300, WEEK, 0.13, 75, 0.1),
        PricedLeg(CALL, 24300, WEEK, 0.13, 75, 0.2),
        PricedLeg(CALL, 24300, WEEK, 0.13, -150, 0.15),
    ]
    assert probability.of_profit(nothing, OUTLOOK, 24350, 0.065) == 0.0


@pytest.mark.parametrize(("forward", "expected"), [(24350.0, 1.0), (25000.0, 0.0)])
def test_at_expiry_the_outcome_is_known(forward: float, expected: float) -> None:
    assert probability.of_profit(STRADDLE, Outlook(forward, 0.0, 0.13), forward, 0.065) == expected


def test_the_band_holds_one_sigma_of_outcomes() -> None:
    low, high = probability.band(OUTLOOK)
    share = probability.within([probability.Band(low, high)], OUTLOOK)
    assert share == pytest.approx(0.6826894921370859, rel=1e-12)
    assert sqrt(low * high) == pytest.approx(24372.5 * exp(-0.5 * 0.13**2 * WEEK), rel=1e-14)
    assert probability.band(OUTLOOK, 2.0).high > high

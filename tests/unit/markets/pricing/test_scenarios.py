"""Values before expiry, against leg-by-leg sums in plain Python."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from markets.domain.pricing import black76, payoff, scenarios
from markets.domain.pricing.payoff import CALL, FUTURE, PUT, PricedLeg
from tests.unit.markets.pricing.plain import black76 as plain_price

RATE = 0.065
CONDOR = [
    PricedLeg(PUT, 24100, 7 / 365, 0.145, -75, 50.0, carry=0.08),
    PricedLeg(PUT, 23900, 7 / 365, 0.155, 75, 20.0, carry=0.08),
    PricedLeg(CALL, 24600, 7 / 365, 0.125, -75, 55.0, carry=0.08),
    PricedLeg(FUTURE, 0, 35 / 365, 0.0, 25, 24420.0, carry=0.07),
]
CALENDAR = [
    PricedLeg(CALL, 24350, 7 / 365, 0.13, -75, 165.0, carry=RATE),
    PricedLeg(CALL, 24350, 35 / 365, 0.14, 75, 410.0, carry=RATE),
]


def plain_pnl(legs: list[PricedLeg], spot: float, shift: float, days: float) -> float:
    total = 0.0
    for leg in legs:
        left = max(leg.years - days / 365, 0.0)
        forward = spot * exp(leg.carry * left)
        vol = leg.vol + shift
        worth = plain_price(leg.w, forward, leg.strike, left, vol, RATE) if leg.w else forward
        total += leg.qty * (worth - leg.entry)
    return total


def test_the_grid_is_spot_by_volatility_by_days() -> None:
    levels, shifts, days = [23800, 24350, 24900], [-0.03, 0, 0.05], [0, 3, 6.5, 8]
    got = scenarios.grid(CONDOR, levels, shifts, days, RATE)
    assert got.shape == (4, 3, 3)
    for d, day in enumerate(days):
        for v, shift in enumerate(shifts):
            expected = [plain_pnl(CONDOR, level, shift, day) for level in levels]
            assert got[d, v] == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_the_curve_today_is_one_row_of_the_grid() -> None:
    levels = np.linspace(23000, 25500, 7)
    assert np.array_equal(
        scenarios.curve(CONDOR, levels, RATE), scenarios.grid(CONDOR, levels, 0, 0, RATE)[0, 0]
    )


def test_at_the_expiry_the_curve_is_the_payoff() -> None:
    legs, levels = CONDOR[:3], np.linspace(23000, 25500, 51)
    assert scenarios.first_expiry(legs, levels, RATE) == pytest.approx(
        payoff.at_expiry(legs, levels), abs=1e-9
    )


def test_volatility_does_not_fall_below_its_floor() -> None:
    got = scenarios.curve(CALENDAR, [24350], RATE, vol_shift=-0.5)
    assert got[0] == pytest.approx(plain_pnl([leg_at(leg, 0.001) for leg in CALENDAR], 24350, 0, 0))


def leg_at(leg: PricedLeg, vol: float) -> PricedLeg:
    return PricedLeg(leg.w, leg.strike, leg.years, vol, leg.qty, leg.entry, leg.carry)


def test_position_greeks_are_greeks_times_quantity() -> None:
    got = scenarios.position_greeks(CONDOR, 24350, RATE)
    expected = np.zeros(8)
    for leg in CONDOR[:3]:
        forward = 24350 * exp(leg.carry * leg.years)
        one = black76.greeks(leg.w, forward, leg.strike, leg.years, leg.vol, RATE)
        expected += leg.qty * np.array(one, dtype=float)
    expected[:2] += 25 * np.array([24350 * exp(0.07 * 35 / 365), 1.0])
    assert np.array(got) == pytest.approx(expected, rel=1e-12)


def test_a_single_expiry_is_summed_up_exactly() -> None:
    assert scenarios.summary(CONDOR[:3], 24350, RATE) == payoff.summary(CONDOR[:3])


def test_a_calendar_spread_is_summed_up_at_its_first_expiry() -> None:
    got = scenarios.summary(CALENDAR, 24350, RATE)
    low, high = got.breakevens
    for level in (low, high):
        assert plain_pnl(CALENDAR, level, 0.0, 7) == pytest.approx(0.0, abs=1e-6)
    assert low < 24350 < high
    assert got.max_profit == pytest.approx(plain_pnl(CALENDAR, 24350, 0.0, 7), rel=1e-9)
    assert got.max_loss == pytest.approx(-75 * 245.0, rel=1e-12)


def test_the_far_side_of_an_uneven_calendar_is_unlimited() -> None:
    naked = [PricedLeg(CALL, 24350, 7 / 365, 0.13, -150, 165.0), CALENDAR[1]]
    assert scenarios.summary(naked, 24350, RATE).max_loss is None

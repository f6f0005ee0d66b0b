"""Payoffs at expiry: exact breakevens, extremes, and the curve itself."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.pricing.payoff import CALL, FUTURE, PUT, PricedLeg, at_expiry, single_expiry, summary

T = 7 / 365


def leg(w: int, strike: float, qty: int, entry: float, years: float = T) -> PricedLeg:
    return PricedLeg(w=w, strike=strike, years=years, vol=0.13, qty=qty, entry=entry)


STRUCTURES = {
    "long call": ([leg(CALL, 24500, 75, 80.35)], (24580.35,), None, -80.35 * 75),
    "short put": ([leg(PUT, 24000, -75, 60.0)], (23940.0,), 4500.0, -23940.0 * 75),
    "short straddle": (
        [leg(CALL, 24350, -75, 160.1), leg(PUT, 24350, -75, 155.2)],
        (24034.7, 24665.3),
        315.3 * 75,
        None,
    ),
    "bull call spread": (
        [leg(CALL, 24300, 75, 190.0), leg(CALL, 24500, -75, 90.0)],
        (24400.0,),
        7500.0,
        -7500.0,
    ),
    "iron condor": (
        [
            leg(PUT, 23900, 75, 20.0),
            leg(PUT, 24100, -75, 50.0),
            leg(CALL, 24600, -75, 55.0),
            leg(CALL, 24800, 75, 25.0),
        ],
        (24040.0, 24660.0),
        4500.0,
        -10500.0,
    ),
    "call ratio": (
        [leg(CALL, 24300, 75, 190.0), leg(CALL, 24500, -150, 90.0)],
        (24310.0, 24690.0),
        14250.0,
        None,
    ),
    "future": ([leg(FUTURE, 0, 75, 24400.0)], (24400.0,), None, -24400.0 * 75),
    "short future, call": (
        [leg(FUTURE, 0, -75, 24400.0), leg(CALL, 24500, 75, 100.0)],
        (24300.0,),
        24300.0 * 75,
        -200.0 * 75,
    ),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_breakevens_and_extremes_are_exact(name: str) -> None:
    legs, breakevens, best, worst = STRUCTURES[name]
    got = summary(legs)
    assert got.breakevens == breakevens
    assert got.max_profit == (best if best is None else pytest.approx(best, rel=1e-14))
    assert got.max_loss == (worst if worst is None else pytest.approx(worst, rel=1e-14))


def test_a_stretch_of_zero_is_told_by_its_ends() -> None:
    reversal = [leg(PUT, 24000, -75, 60.1), leg(CALL, 24700, 75, 60.1)]
    assert summary(reversal).breakevens == (24000.0, 24700.0)


def test_zero_inside_a_flat_stretch_is_no_breakeven_of_its_own() -> None:
    nothing = [leg(CALL, 24000, 75, 0.1), leg(CALL, 24000, -75, 0.1), leg(CALL, 24500, 75, 0.0)]
    assert summary(nothing).breakevens == (24500.0,)


def test_touching_zero_once_counts() -> None:
    fly = [leg(CALL, 24300, 75, 150.0), leg(CALL, 24400, -150, 50.0), leg(CALL, 24500, 75, 50.0)]
    got = summary(fly)
    assert got.breakevens == (24400.0,)
    assert (got.max_profit, got.max_loss) == (0.0, -7500.0)


def test_a_certain_profit_has_no_breakeven() -> None:
    box = [leg(CALL, 24300, 75, 100.0), leg(CALL, 24500, -75, 110.0)]
    got = summary(box)
    assert got.breakevens == ()
    assert (got.max_profit, got.max_loss) == (15750.0, 750.0)


def test_the_curve_is_the_sum_of_the_legs() -> None:
    legs = STRUCTURES["iron condor"][0]
    assert at_expiry(legs, [23500, 24040, 24300, 24660, 25000]).tolist() == [-10500, 0, 4500, 0, -10500]


def test_several_expiries_have_no_exact_payoff() -> None:
    calendar = [leg(CALL, 24350, -75, 160), leg(CALL, 24350, 75, 320, years=35 / 365)]
    assert not single_expiry(calendar)
    with pytest.raises(ValueError, match="one expiry"):
        summary(calendar)
    with pytest.raises(ValueError, match="one expiry"):
        summary([])


LEGS = st.lists(
    st.builds(
        lambda w, strike, lots, ticks: leg(w, float(strike), 25 * lots, ticks / 20),
        st.sampled_from([CALL, PUT, FUTURE]),
        st.sampled_from(range(24000, 24700, 50)),
        st.sampled_from([-3, -2, -1, 1, 2, 3]),
        st.integers(1, 12_000),
    ),
    min_size=1,
    max_size=5,
)


def exact_pnl(legs: list[PricedLeg], level: Fraction) -> Fraction:
    total = Fraction(0)
    for each in legs:
        strike = Fraction(int(each.strike))
        worth = {CALL: max(level - strike, 0), PUT: max(strike - level, 0), FUTURE: level}[each.w]
        total += each.qty * (worth - Fraction(round(each.entry * 20), 20))
    return total


@given(LEGS)
def test_the_sign_of_the_payoff_changes_at_breakevens_only(legs: list[PricedLeg]) -> None:
    points = summary(legs).breakevens
    edges = [0.0, *points, max([*points, 30_000.0]) * 2]
    for low, high in zip(edges, edges[1:], strict=False):
        inside = [Fraction(low) + (Fraction(high) - Fraction(low)) * Fraction(n, 23) for n in range(1, 23)]
        signs = {(value > 0) - (value < 0) for value in (exact_pnl(legs, level) for level in inside)}
        assert len(signs) == 1


@given(LEGS)
def test_no_level_is_better_or_worse_than_the_extremes(legs: list[PricedLeg]) -> None:
    got = summary(legs)
    levels = np.append(np.arange(0, 30_000, 50), [1e6])
    values = [float(exact_pnl(legs, Fraction(int(level)))) for level in levels]
    if got.max_profit is not None:
        assert max(values) == pytest.approx(got.max_profit, abs=1e-6)
    if got.max_loss is not None:
        assert min(values) == pytest.approx(got.max_loss, abs=1e-6)


@given(LEGS, st.lists(st.integers(0, 60_000), min_size=1, max_size=8))
def test_the_curve_is_the_exact_one(legs: list[PricedLeg], levels: list[int]) -> None:
    expected = [float(exact_pnl(legs, Fraction(level))) for level in levels]
    assert at_expiry(legs, levels).tolist() == pytest.approx(expected, abs=1e-6)

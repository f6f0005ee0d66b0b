"""Implied volatility: exact where there is one, a reason where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.pricing import black76, implied, normalised
from markets.domain.pricing.implied import Code, iv_and_greeks
from tests.unit.markets.pricing.plain import black76 as plain_price

WEEK = 7 / 365
DISCOUNT = float(np.exp(-0.065 * WEEK))
QUOTE = {"price": 161.2302350, "w": 1, "forward": 24350, "strike": 24350, "years": WEEK, "rate": 0.065}

# what is changed in the good quote above, and the code that must come back
CASES = [
    ({}, Code.OK),
    ({"strike": 23000, "price": 1350 * DISCOUNT - 0.01}, Code.BELOW_INTRINSIC),
    ({"w": -1, "strike": 25000, "price": 650 * DISCOUNT - 0.01}, Code.BELOW_INTRINSIC),
    ({"strike": 23000, "price": 1350 * DISCOUNT}, Code.AT_INTRINSIC),
    ({"w": -1, "strike": 25000, "price": 650 * DISCOUNT}, Code.AT_INTRINSIC),
    ({"price": 24350.01}, Code.ABOVE_MAX),
    ({"price": 24350 * DISCOUNT}, Code.ABOVE_MAX),
    ({"w": -1, "strike": 20000, "price": 20000}, Code.ABOVE_MAX),
    ({"years": 0}, Code.EXPIRED),
    ({"years": -0.01}, Code.EXPIRED),
    ({"price": 0, "years": 0}, Code.EXPIRED),
    ({"price": -0.05}, Code.BAD_INPUT),
    ({"price": np.inf}, Code.BAD_INPUT),
    ({"forward": 0}, Code.BAD_INPUT),
    ({"forward": np.nan}, Code.BAD_INPUT),
    ({"forward": np.inf}, Code.BAD_INPUT),
    ({"strike": -24350}, Code.BAD_INPUT),
    ({"strike": np.nan, "price": np.nan}, Code.BAD_INPUT),
    ({"years": np.nan}, Code.BAD_INPUT),
    ({"years": np.inf}, Code.BAD_INPUT),
    ({"rate": np.nan}, Code.BAD_INPUT),
    ({"w": 0}, Code.BAD_INPUT),
    ({"price": 0}, Code.NO_QUOTE),
    ({"price": np.nan}, Code.NO_QUOTE),
]


@pytest.mark.parametrize(("change", "code"), CASES)
def test_every_quote_gets_its_code_and_a_number_only_with_ok(change: dict[str, float], code: Code) -> None:
    alone = implied.implied(**QUOTE | change)
    together = iv_and_greeks(**QUOTE | change)
    assert alone.code == together.code == code
    numbers = [alone.iv, together.iv, *together[2:]]
    assert [bool(np.isnan(number)) for number in numbers] == [code != Code.OK] * 6


def test_codes_of_a_mixed_chain_stay_at_their_places() -> None:
    rows = [QUOTE | change for change, _ in CASES]
    columns = {name: np.array([row[name] for row in rows]) for name in QUOTE}
    got = iv_and_greeks(**columns)
    assert got.code.tolist() == [code for _, code in CASES]
    assert np.isnan(got.delta).tolist() == [code != Code.OK for _, code in CASES]


def test_the_codes_cover_all_that_are_named() -> None:
    assert {code for _, code in CASES} == set(implied.CODES)


def test_a_cent_of_time_value_deep_in_the_money() -> None:
    price = 1350 * DISCOUNT + 0.01
    assert float(implied.implied(price, 1, 24350, 23000, WEEK, 0.065).iv) == pytest.approx(
        0.111706001257, abs=5e-13
    )


def test_shapes_are_those_of_the_arguments() -> None:
    strikes = np.array([24000.0, 24350, 24700])
    prices = black76.price(np.array([[1], [-1]]), 24350, strikes, WEEK, 0.12, 0.065)
    got = implied.implied(prices, np.array([[1], [-1]]), 24350, strikes, WEEK, 0.065)
    assert got.iv == pytest.approx(np.full((2, 3), 0.12), abs=1e-10)
    assert implied.implied([], 1, 24350, [], WEEK, 0.065).iv.shape == (0,)


@pytest.fixture(scope="module")
def grid() -> dict[str, np.ndarray]:
    """20,000 quotes: 15 minutes to 90 days, 3.5 standard deviations to both sides; more than one block."""
    random = np.random.default_rng(3)
    years = np.exp(random.uniform(np.log(15 / 525600), np.log(90 / 365), 20_000))
    vol = random.uniform(0.05, 1.5, years.size)
    forward = random.uniform(100, 60_000, years.size)
    strike = forward * np.exp(random.uniform(-3.5, 3.5, years.size) * vol * np.sqrt(years))
    strike[:500] = forward[:500]
    w = random.choice([1.0, -1.0], years.size)
    rate = random.uniform(0, 0.12, years.size)
    return {"w": w, "forward": forward, "strike": strike, "years": years, "vol": vol, "rate": rate}


def test_volatility_comes_back_from_its_price(grid: dict[str, np.ndarray]) -> None:
    price = black76.price(**grid)
    asked = {name: grid[name] for name in ("w", "forward", "strike", "years", "rate")}
    discount = np.exp(-grid["rate"] * grid["years"])
    time_value = price - discount * np.maximum(grid["w"] * (grid["forward"] - grid["strike"]), 0)
    got = implied.implied(price, **asked)
    counts = time_value >= 0.05
    assert counts.sum() > 15_000
    assert np.abs(got.iv - grid["vol"])[counts].max() <= 1e-10


def test_greeks_beside_the_volatility_are_those_of_the_formula(grid: dict[str, np.ndarray]) -> None:
    asked = {name: grid[name] for name in ("w", "forward", "strike", "years", "rate")}
    got = iv_and_greeks(black76.price(**grid), **asked)
    expected = black76.greeks(**grid)
    fine = (got.code == Code.OK) & (expected.vega > 1e-3)
    for name in ("delta", "gamma", "vega", "theta"):
        assert getattr(got, name)[fine] == pytest.approx(getattr(expected, name)[fine], rel=1e-8, abs=1e-9)


@given(
    w=st.sampled_from([1, -1]),
    forward=st.floats(50, 100_000),
    deviations=st.floats(-6, 6),
    years=st.floats(1 / 525600, 3),
    vol=st.floats(0.01, 5),
    rate=st.floats(0, 0.15),
)
def test_a_price_and_the_price_of_its_volatility_are_one(w, forward, deviations, years, vol, rate) -> None:
    strike = forward * float(np.exp(np.clip(deviations * vol * np.sqrt(years), -6, 6)))
    price = plain_price(w, forward, strike, years, vol, rate)
    got = implied.implied(price, w, forward, strike, years, rate)
    if got.code == Code.OK:
        assert plain_price(w, forward, strike, years, float(got.iv), rate) == pytest.approx(
            price, rel=1e-11, abs=1e-11 * forward
        )
    else:
        assert got.code in {Code.AT_INTRINSIC, Code.BELOW_INTRINSIC, Code.ABOVE_MAX, Code.NO_QUOTE}


@given(
    total=st.floats(1e-5, 8),
    distance=st.one_of(st.just(0.0), st.floats(1e-16, 1e-6), st.floats(1e-6, 7)),
)
def test_the_solver_finds_its_way_back_from_everywhere(total: float, distance: float) -> None:
    s, x = np.array([total]), np.array([distance])
    beta = np.array([plain_price(1, np.exp(-distance / 2), np.exp(distance / 2), 1, total, 0)])
    if not 1e-290 < beta[0] < np.exp(-distance / 2) * (1 - 1e-12):
        return
    found = normalised.total_volatility(x, beta)
    again = plain_price(1, np.exp(-distance / 2), np.exp(distance / 2), 1, float(found[0]), 0)
    assert again == pytest.approx(beta[0], rel=1e-9, abs=1e-15)
    assert np.isfinite(s - found).all()


def test_half_a_tick_in_volatility() -> None:
    vega = black76.greeks(1, 24350, 24350, WEEK, 0.12, 0.065).vega
    assert float(implied.uncertainty(0.05, vega)) == pytest.approx(0.05 / (2 * 1343.554371), rel=1e-9)
    assert implied.certain(0.05, vega)


def test_a_volatility_less_certain_than_five_points_is_hidden() -> None:
    edge = 0.05 / (2 * 0.05 * 100)  # vega per point at which half a tick is 5 points
    assert implied.certain(0.05, [edge * 1.01, edge * 0.99, 0.0]).tolist() == [True, False, False]
    assert implied.uncertainty(0.05, 0.0) == np.inf

"""Black-76 against published tables, an index-like table of our own conventions, and its own identities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.pricing import black76

MINUTE = 1 / 525600
DAY = 1 / 365
QUARTER, SIX_HOURS, MONTH = 15 * MINUTE, 360 * MINUTE, 30 * DAY

# Haug, "The Complete Guide to Option Pricing Formulas" (1998), p. 24: options on futures, K = 100, r = 10 %
HAUG = {
    (1, 90): (0.0205, 0.3150, 0.9474, 0.8069, 2.7026, 4.9329),
    (1, 100): (1.8734, 3.1217, 4.3693, 4.0232, 6.6997, 9.3679),
    (1, 110): (9.9413, 10.3556, 11.1381, 10.5769, 12.7857, 15.3086),
    (-1, 90): (9.9210, 10.2155, 10.8479, 10.3192, 12.2149, 14.4452),
    (-1, 100): (1.8734, 3.1217, 4.3693, 4.0232, 6.6997, 9.3679),
    (-1, 110): (0.0408, 0.4551, 1.2376, 1.0646, 3.2734, 5.7963),
}

# w, F, K, T, vol: price, delta, gamma, vega per point, theta per day, as written to keep digits; r = 6.5 %
INDEX = [
    (1, 24350, 24350, 7 * DAY, 0.12, "161.2302350 0.5026877831 9.846250796e-4 13.43554371 -11.48746809"),
    (-1, 24350, 24350, 7 * DAY, 0.12, "161.2302350 -0.4960664182 9.846250796e-4 13.43554371 -11.48746809"),
    (1, 24350, 24600, 7 * DAY, 0.115, "61.35339126 0.2629001889 8.407056077e-4 10.99372556 -9.019634334"),
    (-1, 24350, 23900, 7 * DAY, 0.14, "41.80778300 -0.1653664353 5.263351031e-4 8.379024841 -8.371579619"),
    (1, 24350, 24400, QUARTER, 0.20, "0.2733436006 0.02746926417 2.430542846e-3 0.08225590985 -78.96562478"),
    (1, 24350, 24350, QUARTER, 0.20, "10.37901530 0.5002121940 1.533424104e-2 0.5189507154 -498.1908385"),
    (-1, 52100, 52000, SIX_HOURS, 0.18, "55.84142342 -0.3408183681 1.494241393e-3 5.000527948 -180.0090618"),
    (1, 24350, 23000, MONTH, 0.13, "1366.785032 0.9343080453 1.317312866e-4 8.345620021 -1.564817597"),
    (
        1,
        24350,
        27000,
        30 * DAY,
        0.13,
        "0.7948519575 2.935269254e-3 9.880069952e-6 0.6259356583 -0.1354778436",
    ),
]


@pytest.mark.parametrize(("w", "forward"), HAUG)
def test_prices_of_options_on_futures_as_published(w: int, forward: float) -> None:
    years, vols = np.repeat([0.1, 0.5], 3), np.tile([0.15, 0.25, 0.35], 2)
    prices = black76.price(w, forward, 100, years, vols, 0.10)
    assert prices == pytest.approx(HAUG[w, forward], abs=1e-4)


@pytest.mark.parametrize("w", [1, -1])
def test_a_published_price_at_the_money(w: int) -> None:
    assert round(float(black76.price(w, 19, 19, 0.75, 0.28, 0.10)), 4) == 1.7011


@pytest.mark.parametrize(("w", "forward", "strike", "years", "vol", "digits"), INDEX)
def test_index_options_to_every_digit(w, forward, strike, years, vol, digits) -> None:
    got = black76.greeks(w, forward, strike, years, vol, 0.065)
    for value, written in zip(got[:5], digits.split(), strict=True):
        assert float(value) == pytest.approx(float(written), rel=_half_of_last_digit(written), abs=0)


def _half_of_last_digit(written: str) -> float:
    mantissa = written.split("e", maxsplit=1)[0].lstrip("-").replace(".", "").lstrip("0")
    return 0.51 / int(mantissa)


@pytest.mark.parametrize("years", [0.0, -0.01])
def test_expired_options_are_worth_what_they_pay(years: float) -> None:
    got = black76.greeks([1, -1, 1, -1, 1], [110, 110, 90, 90, 100], 100, years, 0.2, 0.065)
    assert got.price.tolist() == [10, 0, 0, 10, 0]
    assert got.delta.tolist() == [1, 0, 0, -1, 0]
    assert [np.count_nonzero(greek) for greek in got[2:]] == [0] * 6


def test_an_expired_option_needs_no_volatility() -> None:
    assert float(black76.greeks(1, 110, 100, 0, np.nan, 0.065).price) == 10


def test_without_volatility_an_option_is_its_discounted_intrinsic_value() -> None:
    got = black76.greeks([1, -1], 110, 100, 0.5, 0.0, 0.10)
    assert got.price == pytest.approx([10 * np.exp(-0.05), 0])
    assert got.delta == pytest.approx([np.exp(-0.05), 0])
    assert got.vega.tolist() == got.gamma.tolist() == [0, 0]


@pytest.mark.parametrize(
    "bad",
    [
        {"forward": 0},
        {"forward": -1},
        {"strike": 0},
        {"vol": -0.1},
        {"vol": np.nan},
        {"w": 0},
        {"rate": np.nan},
    ],
)
def test_impossible_input_gives_no_number(bad: dict[str, float]) -> None:
    good = {"w": 1, "forward": 100, "strike": 100, "years": 0.1, "vol": 0.2, "rate": 0.1}
    assert np.isnan(black76.greeks(**good | bad)).all()


def test_a_position_has_the_greeks_of_its_quantity() -> None:
    one = black76.greeks(1, 24350, 24350, 7 * DAY, 0.12, 0.065)
    short = one.times(-150)
    assert float(short.delta) == -150 * float(one.delta)
    assert float(short.theta) == -150 * float(one.theta) > 0


def test_an_option_cannot_lose_more_than_its_price() -> None:
    last_minutes = black76.greeks(1, 24350, [24350, 24400], QUARTER, 0.20, 0.065)
    assert black76.theta_left(last_minutes.theta, last_minutes.price) == pytest.approx(-last_minutes.price)
    week = black76.greeks(1, 24350, 24350, 7 * DAY, 0.12, 0.065)
    assert float(black76.theta_left(week.theta, week.price)) == float(week.theta)


def test_arrays_broadcast() -> None:
    got = black76.price(np.array([[1], [-1]]), 100, np.array([90, 100, 110]), 0.1, 0.2, 0.0)
    assert got.shape == (2, 3)
    assert got[0] - got[1] == pytest.approx([10, 0, -10])


OPTION = {
    "forward": st.floats(100, 60_000),
    "moneyness": st.floats(-3, 3),
    "years": st.floats(15 * MINUTE, 0.25),
    "vol": st.floats(0.05, 1.0),
    "rate": st.floats(0.0, 0.12),
}


def _strike(forward: float, moneyness: float, years: float, vol: float) -> float:
    return forward * float(np.exp(moneyness * vol * np.sqrt(years)))


@given(**OPTION)
def test_call_and_put_differ_by_the_discounted_forward_less_strike(
    forward: float, moneyness: float, years: float, vol: float, rate: float
) -> None:
    strike = _strike(forward, moneyness, years, vol)
    call, put = black76.price([1, -1], forward, strike, years, vol, rate)
    parity = np.exp(-rate * years) * (forward - strike)
    assert call - put == pytest.approx(parity, rel=1e-10, abs=1e-10 * forward)


@given(**OPTION, more=st.floats(0.001, 0.5))
def test_price_rises_with_volatility(
    forward: float, moneyness: float, years: float, vol: float, rate: float, more: float
) -> None:
    strike = _strike(forward, moneyness, years, vol)
    low, high = black76.price([1, 1], forward, strike, years, [vol, vol + more], rate)
    assert high > low


@given(**OPTION)
def test_gamma_vega_vanna_and_volga_are_those_of_call_and_put_alike(
    forward: float, moneyness: float, years: float, vol: float, rate: float
) -> None:
    got = black76.greeks([1, -1], forward, _strike(forward, moneyness, years, vol), years, vol, rate)
    for greek in (got.gamma, got.vega, got.vanna, got.volga):
        assert greek[0] == pytest.approx(greek[1], rel=1e-12)


@given(w=st.sampled_from([1, -1]), **OPTION)
def test_greeks_are_the_central_differences_of_prices(
    w: int, forward: float, moneyness: float, years: float, vol: float, rate: float
) -> None:
    strike = _strike(forward, moneyness, years, vol)
    got = black76.greeks(w, forward, strike, years, vol, rate)

    def slope(step: float, **moved: float) -> float:
        at = {"forward": forward, "years": years, "vol": vol, "rate": rate}
        ups = [at | {name: value + step * sign for name, value in moved.items()} for sign in (2, 1, -1, -2)]
        two_up, up, down, two_down = (float(black76.price(w, strike=strike, **values)) for values in ups)
        return (8 * (up - down) - (two_up - two_down)) / (12 * step)

    scale = 1e-6 * forward
    assert float(got.delta) == pytest.approx(slope(scale_of(forward, vol, years), forward=forward), abs=1e-6)
    assert float(got.vega) == pytest.approx(slope(vol * 1e-3, vol=vol) / 100, rel=1e-6, abs=scale * 1e-2)
    assert float(got.theta) == pytest.approx(-slope(years * 1e-3, years=years) / 365, rel=1e-6, abs=scale)
    assert float(got.rho) == pytest.approx(slope(1e-3, rate=rate) / 100, rel=1e-6, abs=scale * 1e-3)


@given(**OPTION)
def test_second_greeks_are_the_central_differences_of_first_ones(
    forward: float, moneyness: float, years: float, vol: float, rate: float
) -> None:
    strike = _strike(forward, moneyness, years, vol)
    got = black76.greeks(1, forward, strike, years, vol, rate)
    step = scale_of(forward, vol, years)
    up, down = (black76.greeks(1, forward + step * sign, strike, years, vol, rate) for sign in (1, -1))
    assert float(got.gamma) * step == pytest.approx(float(up.delta - down.delta) / 2, abs=1e-6)
    vols = [vol * 1.0001, vol * 0.9999]
    moved = black76.greeks(1, forward, strike, years, vols, rate)
    vanna, volga = (-np.diff(greek)[0] / (2e-4 * vol) for greek in (moved.delta, moved.vega * 100))
    assert float(got.vanna) == pytest.approx(vanna, rel=1e-5, abs=1e-5)
    assert float(got.volga) == pytest.approx(volga, rel=1e-4, abs=1e-5 * forward)


def scale_of(forward: float, vol: float, years: float) -> float:
    """A thousandth of a standard deviation of the forward."""
    return 1e-3 * forward * vol * float(np.sqrt(years))

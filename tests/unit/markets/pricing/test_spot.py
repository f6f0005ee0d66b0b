"""Black-Scholes with a dividend yield against Haug's examples."""

from __future__ import annotations

import pytest

from markets.domain.pricing import black76, spot

# Haug (1998), also in the tests of QuantLib: w, S, K, q, r, T, vol
PRICES = [
    ((1, 60, 65, 0.0, 0.08, 0.25, 0.30), 2.1334),
    ((-1, 100, 95, 0.05, 0.10, 0.5, 0.20), 2.4648),
    ((1, 1.56, 1.60, 0.08, 0.06, 0.5, 0.12), 0.0291),
    ((-1, 75, 70, 0.05, 0.10, 0.5, 0.35), 4.0870),
    ((1, 42, 40, 0.08, 0.04, 0.75, 0.35), 5.0975),
]


@pytest.mark.parametrize(("case", "expected"), PRICES)
def test_published_prices(case: tuple[float, ...], expected: float) -> None:
    w, s, k, q, r, t, vol = case
    assert round(float(spot.price(w, s, k, t, vol, r, q)), 4) == expected
    assert round(float(spot.greeks(w, s, k, t, vol, r, q).price), 4) == expected


def test_published_deltas() -> None:
    got = spot.greeks([1, -1], 105, 100, 0.5, 0.36, 0.10, 0.10).delta
    assert [round(value, 4) for value in got.tolist()] == [0.5946, -0.3566]


def test_published_gamma_and_vega() -> None:
    got = spot.greeks(1, 55, 60, 0.75, 0.30, 0.10)
    assert round(float(got.gamma), 4) == 0.0278
    assert round(float(got.vega) * 100, 4) == 18.9358


def test_published_theta() -> None:
    got = spot.greeks(-1, 430, 405, 1 / 12, 0.20, 0.07, 0.05).theta
    assert round(float(got) * 365, 4) == -31.1924
    assert round(float(got), 4) == -0.0855


def test_published_rho() -> None:
    assert round(float(spot.greeks(1, 72, 75, 1, 0.19, 0.09).rho) * 100, 4) == 38.7325


def test_greeks_are_the_central_differences_of_prices() -> None:
    at = {"w": -1, "spot": 24000.0, "strike": 24300.0, "years": 0.05, "vol": 0.14, "rate": 0.07}
    got = spot.greeks(**at, dividend_yield=0.012)

    def slope(name: str, step: float) -> float:
        up, down = (
            float(spot.price(**at | {name: at[name] + d}, dividend_yield=0.012)) for d in (step, -step)
        )
        return (up - down) / (2 * step)

    assert float(got.delta) == pytest.approx(slope("spot", 0.5), rel=1e-6)
    assert float(got.vega) == pytest.approx(slope("vol", 1e-5) / 100, rel=1e-6)
    assert float(got.theta) == pytest.approx(-slope("years", 1e-6) / 365, rel=1e-6)
    assert float(got.rho) == pytest.approx(slope("rate", 1e-5) / 100, rel=1e-6)


def test_second_greeks_are_the_central_differences_of_delta() -> None:
    at = {"w": 1, "spot": 24000.0, "strike": 24300.0, "years": 0.05, "vol": 0.14, "rate": 0.07}
    got = spot.greeks(**at)

    def slope(name: str, step: float) -> float:
        up, down = (float(spot.greeks(**at | {name: at[name] + d}).delta) for d in (step, -step))
        return (up - down) / (2 * step)

    assert float(got.gamma) == pytest.approx(slope("spot", 0.5), rel=1e-6)
    assert float(got.vanna) == pytest.approx(slope("vol", 1e-5), rel=1e-6)


def test_spot_delta_is_forward_delta_times_forward_over_spot() -> None:
    forward = float(spot.forward_of(24000, 0.1, 0.08, 0.01))
    on_forward = black76.greeks(1, forward, 24300, 0.1, 0.14, 0.08)
    on_spot = spot.greeks(1, 24000, 24300, 0.1, 0.14, 0.08, 0.01)
    assert float(on_spot.delta) == pytest.approx(float(on_forward.delta) * forward / 24000, rel=1e-14)
    assert float(on_spot.price) == float(on_forward.price)


def test_expired_options_are_worth_what_they_pay() -> None:
    got = spot.greeks([1, -1], 110, 100, 0, 0.2, 0.07, 0.02)
    assert got.price.tolist() == [10, 0]
    assert got.delta.tolist() == [1, 0]
    assert got.theta.tolist() == got.rho.tolist() == [0, 0]

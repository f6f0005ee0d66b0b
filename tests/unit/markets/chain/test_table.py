"""Greeks and figures of a chain against slow, plain Python."""

from __future__ import annotations

from math import erf, exp, log, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.chain.figures import iv_at_delta, max_pain, ratio
from markets.domain.chain.quotes import CALL, PUT
from markets.domain.chain.table import chain_table
from markets.domain.pricing.conventions import DEFAULT
from tests.unit.markets.chain.worlds import FORWARD, STRIKES, YEARS, quotes, smile, table


def plain_greeks(w: int, strike: float, iv: float) -> dict[str, float]:
    """Black-76 by the book, one contract at a time."""
    root, discount = iv * sqrt(YEARS), exp(-DEFAULT.rate * YEARS)
    d1 = log(FORWARD / strike) / root + root / 2
    d2 = d1 - root
    bell = exp(-d1 * d1 / 2) / sqrt(2 * pi)
    cdf = {d: (1 + erf(w * d / sqrt(2))) / 2 for d in (d1, d2)}
    price = discount * w * (FORWARD * cdf[d1] - strike * cdf[d2])
    return {
        "delta": discount * w * cdf[d1],
        "gamma": discount * bell / (FORWARD * root),
        "vega": discount * FORWARD * bell * sqrt(YEARS) / 100,
        "theta": (DEFAULT.rate * price - discount * FORWARD * bell * iv / (2 * sqrt(YEARS))) / 365,
    }


@pytest.mark.parametrize(("side", "w"), [(CALL, 1), (PUT, -1)])
@pytest.mark.parametrize("strike", [24_000.0, 24_500.0, 24_900.0])
def test_greeks_by_the_book(side: int, w: int, strike: float) -> None:
    found, at = table(), int(np.flatnonzero(strike == STRIKES)[0])
    for name, value in plain_greeks(w, strike, float(smile()[at])).items():
        assert getattr(found.greeks, name)[side, at] == pytest.approx(value, rel=1e-7), name


def test_figures_of_a_chain() -> None:
    found = table()
    figures = found.figures
    at = int(np.flatnonzero(STRIKES == 24_500)[0])
    assert (figures.atm_strike, found.atm) == (24_500.0, at)
    assert figures.atm_iv == pytest.approx(smile()[at], abs=1e-9)
    assert figures.straddle == pytest.approx(found.quotes.ltp[:, at].sum())
    assert figures.expected_move == pytest.approx(smile()[at] * FORWARD * sqrt(YEARS), rel=1e-8)
    assert (figures.pcr_oi, figures.call_oi) == (1.0, 7_500 * len(STRIKES))
    assert figures.risk_reversal is not None
    assert figures.risk_reversal < 0 < (figures.butterfly or 0)


def test_without_a_forward_there_are_prices_and_open_interest_only() -> None:
    found = chain_table(quotes(), forward=None, years=YEARS, convention=DEFAULT)
    assert (found.atm, found.figures.atm_iv, found.figures.straddle) == (None, None, None)
    assert found.figures.pcr_oi == 1.0
    assert np.isnan(found.greeks.delta).all()


OPEN = st.lists(st.integers(0, 5_000), min_size=1, max_size=12)


@given(OPEN, st.data())
def test_max_pain_is_where_options_together_are_worth_least(calls: list[int], data: st.DataObject) -> None:
    puts = data.draw(st.lists(st.integers(0, 5_000), min_size=len(calls), max_size=len(calls)))
    strikes = [100 + 50 * n for n in range(len(calls))]

    def worth(settled: int) -> int:
        rows = zip(strikes, calls, puts, strict=True)
        return sum(call * max(settled - k, 0) + put * max(k - settled, 0) for k, call, put in rows)

    found = max_pain(np.array(strikes, dtype=float), np.array(calls), np.array(puts))
    if not any(calls) and not any(puts):
        assert found is None
    else:
        assert found == min(strikes, key=worth)


def test_volatility_at_a_delta_is_read_between_strikes_and_not_beyond() -> None:
    delta, iv = np.array([0.4, 0.3, 0.2, np.nan]), np.array([0.10, 0.11, 0.13, 0.2])
    assert iv_at_delta(delta, iv, 0.25) == pytest.approx(0.12)
    assert iv_at_delta(-delta, iv, 0.25) == pytest.approx(0.12)
    assert iv_at_delta(delta, iv, 0.1) is None
    assert iv_at_delta(delta[:1], iv[:1], 0.4) is None


def test_no_calls_no_ratio() -> None:
    assert (ratio(3, 2), ratio(3, 0)) == (1.5, None)

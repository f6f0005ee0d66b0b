"""Position limits in futures equivalents, against worked numbers."""

from __future__ import annotations

from datetime import date
from math import log, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.limits import (
    CRORE_PAISE,
    END_OF_DAY,
    FutEq,
    Held,
    deltas,
    future_limit_paise,
    futures_equivalent,
    option_headroom,
)
from qlplatform.core.errors import UserError
from tests.unit.markets.facts import rules

DAY = date(2026, 11, 25)
SPOT, VOL, REPO = 24_000.0, 0.14, 0.055


def n_d1(strike: float, years: float) -> float:
    d1 = (log(SPOT / strike) + (REPO + VOL * VOL / 2) * years) / (VOL * sqrt(years))
    return NormalDist().cdf(d1)


def test_delta_of_call_put_and_future() -> None:
    years = 7 / 365
    held = [Held(1, 75, 24_200, years), Held(-1, 75, 24_200, years), Held(0, 75)]
    call = n_d1(24_200, years)
    assert deltas(held, spot_price=SPOT, vol=VOL, repo_rate=REPO) == pytest.approx(
        [call, call - 1, 1.0], abs=1e-12
    )


def test_futures_equivalent_of_a_short_strangle_and_a_future() -> None:
    years = 7 / 365
    held = [Held(1, -650, 24_500, years), Held(-1, -650, 23_500, years), Held(0, 65)]
    short = n_d1(24_500, years) * 650 * SPOT * 100
    long = (1 - n_d1(23_500, years)) * 650 * SPOT * 100 + 65 * SPOT * 100
    found = futures_equivalent(held, spot_paise=round(SPOT * 100), vol=VOL, repo_rate=REPO)
    assert (found.short_paise, found.long_paise) == (pytest.approx(short, abs=1), pytest.approx(long, abs=2))
    assert found.net_paise == found.long_paise - found.short_paise


def test_headroom_below_the_limits_of_index_options() -> None:
    """Intraday net ₹5,000 crore and gross ₹10,000 crore a side; at the end of the day net ₹1,500 crore."""
    held = FutEq(long_paise=3_000 * CRORE_PAISE, short_paise=1_000 * CRORE_PAISE)
    intraday, close = (option_headroom(held, rules(), on=DAY, when=when) for when in ("intraday", END_OF_DAY))
    room = [
        amount // CRORE_PAISE for amount in (intraday.net_paise, intraday.long_paise, intraday.short_paise)
    ]
    assert (room, intraday.within) == ([3_000, 7_000, 9_000], True)
    assert (close.net_paise // CRORE_PAISE, close.within) == (-500, False)


def test_a_short_position_counts_like_a_long_one() -> None:
    one = option_headroom(FutEq(2 * CRORE_PAISE, 0), rules(), on=DAY)
    other = option_headroom(FutEq(0, 2 * CRORE_PAISE), rules(), on=DAY)
    assert (one.net_paise, one.long_paise) == (other.net_paise, other.short_paise)


@pytest.mark.parametrize(("interest", "limit"), [(1_000, 500), (3_333, 500), (4_000, 600)])
def test_futures_limit_is_a_share_of_open_interest_or_500_crore(interest: int, limit: int) -> None:
    found = future_limit_paise(rules(), open_interest_paise=interest * CRORE_PAISE, on=DAY)
    assert found == limit * CRORE_PAISE


def test_dates_before_the_limits_are_refused() -> None:
    with pytest.raises(UserError) as refused:
        option_headroom(FutEq(0, 0), rules(), on=date(2019, 1, 1))
    assert refused.value.code == "fact_missing"


@given(
    strike=st.integers(20_000, 28_000),
    days=st.integers(1, 60),
    qty=st.integers(-10_000, 10_000),
)
def test_a_call_less_a_put_is_a_future(strike: int, days: int, qty: int) -> None:
    """N(d1) - (N(d1) - 1) = 1, whatever the strike: so is the pair's futures equivalent."""
    pair = [Held(1, qty, strike, days / 365), Held(-1, -qty, strike, days / 365)]
    found = futures_equivalent(pair, spot_paise=24_000_00, vol=VOL, repo_rate=REPO)
    assert abs(found.net_paise - qty * 24_000_00) <= 1

"""IV by strike: that of the out-of-the-money side, with a reason where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from markets.domain.chain.quotes import CALL, PUT
from markets.domain.chain.volatility import REASONS
from tests.unit.markets.chain.worlds import FORWARD, STRIKES, nothing, prices, quotes, smile, table

ATM = int(np.argmin(np.abs(STRIKES - FORWARD)))


def reason(of: object, strike: float) -> str:
    code = of.ivs.code[int(np.flatnonzero(strike == STRIKES)[0])]  # type: ignore[attr-defined]
    return REASONS[int(code)]


def test_the_volatility_that_made_the_prices_comes_back() -> None:
    found = table()
    good = found.ivs.code == 0
    assert good.sum() > 35
    np.testing.assert_allclose(found.ivs.iv[good], smile()[good], atol=1e-9)


def test_the_side_in_the_money_does_not_matter() -> None:
    worth = prices()
    odd = worth.copy()
    odd[CALL, :ATM] += 30.0
    odd[PUT, ATM + 1 :] += 30.0
    straight = table(quotes(ltp=worth, bid=nothing(), ask=nothing()))
    np.testing.assert_array_equal(
        table(quotes(ltp=odd, bid=nothing(), ask=nothing())).ivs.iv, straight.ivs.iv
    )


@pytest.mark.parametrize(("moved", "averaged"), [(0.01, True), (2.0, False)])
def test_at_the_money_both_sides_count_while_they_agree_within_the_spread(
    moved: float, averaged: bool
) -> None:
    worth = prices()
    worth[CALL, ATM] += moved
    found = table(quotes(bid=worth - 0.025, ask=worth + 0.025))
    otm = table(quotes())  # 24500 is below the forward: the put is out of the money
    assert bool(found.ivs.iv[ATM] > otm.ivs.iv[ATM] + 1e-7) is averaged


def test_a_chain_tells_why_a_strike_has_no_volatility() -> None:
    worth = prices()
    bid, ask = worth - 0.025, worth + 0.025
    for strike, price in ((24_000, 0.05), (24_100, np.nan), (25_000, 30_000.0)):
        at = int(np.flatnonzero(strike == STRIKES)[0])
        worth[:, at], bid[:, at], ask[:, at] = price, np.nan, np.nan
    wide = int(np.flatnonzero(STRIKES == 25_500)[0])
    worth[CALL, wide], bid[CALL, wide], ask[CALL, wide] = 0.5, 0.45, 0.6
    found = table(quotes(ltp=worth, bid=bid, ask=ask))
    assert reason(found, 24_000) == "TOO_CHEAP"
    assert reason(found, 24_100) == "NO_QUOTE"
    assert reason(found, 25_000) == "ABOVE_MAX"
    assert np.isnan(found.ivs.iv[found.ivs.code != 0]).all()
    assert np.isnan(found.greeks.delta[:, found.ivs.code != 0]).all()


def test_a_volatility_less_certain_than_five_points_is_hidden() -> None:
    worth = prices()
    bid, ask = worth - 0.1, worth + 0.1
    found = table(quotes(bid=bid, ask=ask))
    hidden = found.ivs.code == next(code for code, name in REASONS.items() if name == "UNCERTAIN")
    error = 0.1 / found.greeks.vega / 100
    assert (found.ivs.error[found.ivs.code == 0] <= 0.05).all()
    assert not (hidden & (np.nanmin(error, axis=0) < 0.04)).any()


def test_once_expired_there_is_no_volatility_and_delta_says_what_was_exercised() -> None:
    found = table(years=0.0)
    assert {REASONS[int(code)] for code in found.ivs.code} == {"EXPIRED"}
    assert found.greeks.delta[CALL].tolist() == [float(strike < FORWARD) for strike in STRIKES]
    assert not found.greeks.gamma.any()

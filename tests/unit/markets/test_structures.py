"""Structures: forwards, missing prices, several expiries, and the end of a contract's life."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from markets.domain.pricing.forward import CARRY, FUTURE, PARITY, Forward
from markets.domain.structures import (
    BUY,
    GIVEN,
    MARKET,
    MODEL,
    SELL,
    Leg,
    Quoted,
    Term,
    findings,
    forward,
    outlook,
    refuse,
    valued,
)
from qlplatform.core.errors import UserError

NEAR, FAR = date(2026, 6, 30), date(2026, 7, 28)
RATE, SPOT, LOT = 0.065, 24_000.0, 65
YEARS = 7 / 365


def leg(side: str, kind: str, strike: int, price: float | None, expiry: date = NEAR) -> Quoted:
    named = Leg(side, kind, expiry, 1, strike * 100 if strike else None)
    return Quoted(named, LOT, price, GIVEN if price else MARKET)


def terms(near: float = 24_020.0, far: float = 24_150.0, years: float = YEARS) -> dict[date, Term]:
    return {
        NEAR: Term(years, Forward(near, PARITY, stale=False)),
        FAR: Term(years + 28 / 365, Forward(far, PARITY, stale=False)),
    }


CALL = leg(SELL, "CE", 24_000, 200.0)
PUT = leg(SELL, "PE", 24_000, 180.0)
QUOTED = Forward(24_031.0, PARITY, stale=False)


def test_a_future_among_the_legs_is_the_forward() -> None:
    legs = [CALL, leg(BUY, "FUT", 0, 24_044.0)]
    assert forward(legs, SPOT, YEARS, RATE, QUOTED) == Forward(24_044.0, FUTURE, stale=False)


def test_then_what_the_market_says() -> None:
    assert forward([CALL, PUT], SPOT, YEARS, RATE, QUOTED) == QUOTED


def test_then_parity_of_the_legs() -> None:
    found = forward([CALL, PUT], SPOT, YEARS, RATE, None)
    assert found == Forward(24_000 + 20 * math.exp(RATE * YEARS), PARITY, stale=False)


def test_then_the_spot_carried() -> None:
    found = forward([CALL], SPOT, YEARS, RATE, None)
    assert found == Forward(pytest.approx(SPOT * math.exp(RATE * YEARS)), CARRY, stale=True)


def test_prices_that_make_no_forward_are_passed_over() -> None:
    dear = leg(SELL, "PE", 24_000, 25_000.0)
    assert forward([CALL, dear], SPOT, YEARS, RATE, None).rule == CARRY


def test_a_curve_ends_above_nothing() -> None:
    """Its reach to a far strike would go below 0 on the other side, where an option has no price."""
    legs = valued([CALL, leg(BUY, "CE", 60_000, 0.05)], terms(), RATE)
    curves = outlook(legs, terms(), SPOT, RATE).curves
    assert curves.levels[0] == 0.01
    assert np.isfinite(curves.now).all()


def test_iv_and_greeks_by_the_legs_own_price() -> None:
    call, put = valued([CALL, PUT], terms(), RATE)
    assert (call.code, call.source) == ("OK", GIVEN)
    assert call.iv == pytest.approx(put.iv, abs=1e-4)  # 20 apart at a forward 20 above the strike
    assert call.greeks is not None
    assert call.greeks.delta > 0 > float(put.greeks.delta if put.greeks else 0)


def test_an_unpriced_option_takes_the_nearest_volatility() -> None:
    legs = [CALL, leg(BUY, "CE", 24_500, None), leg(BUY, "PE", 23_000, 5.0)]
    found = valued(legs, terms(), RATE)[1]
    assert (found.source, found.code, found.iv, found.greeks) == (MODEL, "NO_QUOTE", None, None)
    assert found.vol == valued([CALL], terms(), RATE)[0].iv
    assert 20 < found.price < 60


def test_an_unpriced_future_costs_the_forward() -> None:
    assert valued([leg(BUY, "FUT", 0, None)], terms(), RATE)[0].price == 24_020.0


def test_no_price_at_all_is_said_for_every_leg() -> None:
    with pytest.raises(UserError) as caught:
        valued([leg(SELL, "CE", 24_000, None), leg(SELL, "PE", 24_000, None)], terms(), RATE)
    assert [error["pointer"] for error in caught.value.context["errors"]] == [
        "/legs/0/price",
        "/legs/1/price",
    ]
    assert {error["code"] for error in caught.value.context["errors"]} == {"price_missing"}


def test_below_intrinsic_value_there_is_a_reason_instead_of_an_iv() -> None:
    deep = leg(BUY, "CE", 20_000, 3_500.0)
    found = valued([CALL, deep], terms(), RATE)[1]
    assert (found.iv, found.code, found.price) == (None, "BELOW_INTRINSIC", 3_500.0)
    assert found.vol > 0


def test_outlook_of_a_straddle() -> None:
    legs = valued([CALL, PUT], terms(), RATE)
    found = outlook(legs, terms(), SPOT, RATE)
    assert found.summary.breakevens == (23_620.0, 24_380.0)
    assert (found.summary.max_profit, found.summary.max_loss) == (380 * LOT, None)
    assert found.curves.now[found.curves.levels.tolist().index(SPOT)] == pytest.approx(0, abs=1)
    assert found.grid.pnl.shape == (3, 5, 11)
    assert found.greeks.theta > 0


def test_outlook_of_a_calendar_is_at_the_first_expiry() -> None:
    legs = [CALL, leg(BUY, "CE", 24_000, 450.0, FAR)]
    found = outlook(valued(legs, terms(), RATE), terms(), SPOT, RATE)
    assert len(found.summary.breakevens) == 2
    assert found.summary.max_profit is not None
    assert found.summary.max_loss is not None
    assert found.summary.max_loss >= -250 * LOT - 1
    assert found.grid.days[-1] == pytest.approx(7)


def test_after_the_last_close_only_intrinsic_value_is_left() -> None:
    over = {NEAR: Term(0.0, Forward(24_010.0, CARRY, stale=True))}
    legs = valued([CALL], over, RATE)
    assert (legs[0].iv, legs[0].code) == (None, "EXPIRED")
    found = outlook(legs, over, 24_010.0, RATE)
    assert found.probability is None
    assert found.grid.days == (0.0,)
    at = found.curves.levels.tolist().index(24_010.0)
    assert found.curves.now[at] == found.curves.expiry[at] == (200 - 10) * LOT


@pytest.mark.parametrize(
    ("named", "codes"),
    [
        (Leg(SELL, "CE", NEAR, 1, 24_000_00, 1), []),
        (Leg(SELL, "CE", date(2026, 6, 22), 1, None, 0), ["expired", "strike_missing", "price_range"]),
        (Leg(SELL, "FUT", NEAR, 1, 24_000_00), ["strike_unwanted"]),
    ],
)
def test_findings(named: Leg, codes: list[str]) -> None:
    assert [found.code for found in findings([named], date(2026, 6, 23))] == codes


def test_number_of_legs_is_bounded() -> None:
    assert [found.code for found in findings([], NEAR)] == ["legs"]
    assert [found.code for found in findings([CALL.leg] * 21, NEAR)] == ["legs"]
    refuse(findings([CALL.leg] * 20, NEAR))

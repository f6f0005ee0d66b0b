"""How the estimate behaves: scenarios, ranges, rates by distance and term, and without prices."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.margin import MarginLeg, Underlying, ewma_volatility, structure_margin
from markets.domain.margin.arrays import VOLATILITY_MOVES, cover, price_moves
from markets.domain.margin.estimate import price_scan_range, risk_arrays, volatility_scan_range
from markets.domain.margin.exposure import exposure_paise
from markets.domain.pricing import spot
from qlplatform.core.errors import UserError
from tests.unit.markets.margin.book import margin_book
from tests.unit.markets.margin.published import (
    DAY,
    EXPIRY,
    LOT,
    NIFTY,
    PREMIUMS,
    RATE,
    YEARS,
    book,
    call_vol,
    future,
    option,
)

P = book().on(DAY)


def test_sixteen_scenarios() -> None:
    thirds = [0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3, 6, -6]
    assert price_moves(2.0).tolist() == pytest.approx([third / 3 for third in thirds])
    assert VOLATILITY_MOVES.tolist() == [1, -1] * 7 + [0, 0]
    assert cover(0.35).tolist() == [1.0] * 14 + [0.35, 0.35]


def test_futures_array_is_the_files() -> None:
    """The file's extremes of a future were -1,561.89 and +1,568.00 of a full move of 2,235.6: 2 × 35 %."""
    array = risk_arrays([future(1)], NIFTY, P)[0]
    full = array.losses[12]
    assert full == pytest.approx(0.093 * 23_748.46)
    assert array.losses[15] == pytest.approx(0.7 * full)
    assert pytest.approx((1_561.89 + 1_568.00) / 2, rel=1e-4) == 0.7 * 2_235.6


@pytest.mark.parametrize(
    ("volatility", "share"), [(None, 0.093), (0.12, 0.093), (0.30, 6 * math.sqrt(2 / 252) * 0.30)]
)
def test_price_scan_range(volatility: float | None, share: float) -> None:
    level = replace(NIFTY, volatility=volatility)
    assert price_scan_range(future(1), level, P) == pytest.approx(share * 23_547.75)


@pytest.mark.parametrize(("volatility", "wanted"), [(None, 0.04), (0.12, 0.04), (0.30, 0.075)])
def test_volatility_scan_range(volatility: float | None, wanted: float) -> None:
    assert volatility_scan_range(replace(NIFTY, volatility=volatility), P) == pytest.approx(wanted)


def test_long_dated_options_are_moved_farther() -> None:
    short = MarginLeg("CE", date(2027, 2, 28), -LOT, 24_000_00, 900_00)
    level = short.strike_paise and NIFTY.spot_paise / 100
    assert price_scan_range(short, NIFTY, P) == pytest.approx(0.093 * level)
    long = replace(short, expiry=date(2027, 3, 30))
    assert price_scan_range(long, NIFTY, P) == pytest.approx(0.177 * level)
    assert price_scan_range(replace(long, kind="FUT"), NIFTY, P) == pytest.approx(0.093 * level)


@pytest.mark.parametrize(
    ("kind", "strike", "expiry", "qty", "percent"),
    [
        ("CE", 23_700, EXPIRY, -65, "2"),
        ("CE", 25_900, EXPIRY, -65, "2"),  # 9.99 % away
        ("CE", 25_950, EXPIRY, -65, "3"),  # 10.2 %
        ("PE", 21_200, EXPIRY, -65, "2"),
        ("PE", 21_150, EXPIRY, -65, "3"),
        ("PE", 30_000, EXPIRY, -65, "2"),  # far in the money is not deep out of it
        ("CE", 23_700, date(2027, 2, 28), -65, "2"),  # nine months, not more
        ("CE", 23_700, date(2027, 3, 30), -65, "5"),
        ("CE", 30_000, date(2027, 3, 30), -65, "5"),
        ("CE", 23_700, EXPIRY, 65, "0"),
    ],
)
def test_exposure_by_distance_and_term(kind: str, strike: int, expiry: date, qty: int, percent: str) -> None:
    leg = MarginLeg(kind, expiry, qty, strike * 100, 100_00)
    wanted = Decimal(percent) / 100 * 23_547_75 * 65
    assert abs(exposure_paise(leg, NIFTY, 0, P) - wanted) <= Decimal("0.5")


def test_an_option_without_price_takes_the_nearest_volatility() -> None:
    bare = MarginLeg("CE", EXPIRY, -LOT, 23_750_00)
    legs = [option(-1, 23_700, "CE"), bare, option(1, 24_500, "CE")]
    priced_at = call_vol(23_700, PREMIUMS[23_700, "CE"])
    assert risk_arrays(legs, NIFTY, P)[1].price == pytest.approx(call_price(23_750, priced_at), abs=0.01)
    assert risk_arrays([bare], replace(NIFTY, volatility=0.15), P)[0].price == call_price(23_750, 0.15)


def call_price(strike: float, vol: float) -> float:
    return float(spot.price(1, 23_547.75, strike, YEARS, vol, RATE))


def test_an_option_below_its_intrinsic_value_keeps_its_price() -> None:
    """Carried at 7 % the model's forward lies above the market's; a deep call may trade below that."""
    deep = MarginLeg("CE", EXPIRY, -LOT, 20_000_00, 3_560_00)
    array = risk_arrays([option(-1, 23_700, "CE"), deep], NIFTY, P)[1]
    assert array.price == 3_560.0
    assert not np.isnan(array.losses).any()


def test_alone_it_moves_like_the_underlying() -> None:
    """Without another leg its volatility is 0: only intrinsic value is left, also after the worst move up."""
    deep = MarginLeg("CE", EXPIRY, -LOT, 20_000_00, 3_560_00)
    array = risk_arrays([deep], NIFTY, P)[0]
    assert array.delta == pytest.approx(1.0)
    moved = 23_547.75 * 1.093 - 20_000 * math.exp(-RATE * 31 / 365)
    assert array.losses[10] == pytest.approx(3_560 - moved, abs=0.01)


def test_a_price_no_volatility_explains_is_refused_by_name() -> None:
    dear = MarginLeg("CE", EXPIRY, -LOT, 23_700_00, 30_000_00)
    with pytest.raises(UserError) as caught:
        structure_margin([dear], NIFTY, book())
    assert caught.value.code == "price_range"
    assert "23700 CE of 30 Jun 2026 cannot cost ₹30,000.00" in caught.value.message


def test_no_move_takes_the_underlying_below_zero() -> None:
    wild = replace(NIFTY, volatility=2.5)  # six daily sigmas times root two are more than the whole price
    array = risk_arrays([MarginLeg("PE", EXPIRY, -LOT, 23_700_00, 5_000_00)], wild, P)[0]
    assert np.isfinite(array.losses).all()


def test_no_price_anywhere_is_refused_by_name() -> None:
    with pytest.raises(UserError) as caught:
        structure_margin([MarginLeg("PE", EXPIRY, -LOT, 23_700_00)], NIFTY, book())
    assert caught.value.code == "price_missing"
    assert "23700 PE" in caught.value.message


def test_days_without_rules_are_refused() -> None:
    with pytest.raises(UserError) as caught:
        structure_margin([future(1)], replace(NIFTY, on=date(2019, 12, 31)), book())
    assert caught.value.code == "fact_missing"


def test_on_expiry_day_only_the_intrinsic_value_is_left_tomorrow() -> None:
    level = Underlying("NIFTY", EXPIRY, 24_000_00)
    short = MarginLeg("CE", EXPIRY, -LOT, 24_000_00, 50_00)
    found = structure_margin([short], level, margin_book())
    assert found.margin.scan_paise == round((0.093 * 24_000 - 50) * LOT * 100)
    assert found.margin.expiry_addon_paise == 31_200_00
    assert found.expiry_jump is None


def test_on_the_next_expiry_day_what_expired_before_is_gone() -> None:
    """The near call expires today; by the end of July only the far put is left."""
    near = MarginLeg("CE", EXPIRY, -LOT, 24_000_00, 50_00)
    far = MarginLeg("PE", date(2026, 7, 28), -LOT, 23_500_00, 200_00)
    level = Underlying("NIFTY", EXPIRY, 24_000_00)
    both = structure_margin([near, far], level, margin_book()).expiry_jump
    alone = structure_margin([far], level, margin_book()).expiry_jump
    assert both is not None
    assert alone is not None
    assert (both.on, both.total_paise) == (alone.on, alone.total_paise)


def test_far_contract_pays_for_the_calendar() -> None:
    """1.75 % of the far price for every matched unit of delta."""
    far = MarginLeg("FUT", date(2026, 7, 28), -LOT, price_paise=23_900_00)
    found = structure_margin([future(1), far], NIFTY, book())
    assert found.margin.spread_charge_paise == round(0.0175 * 23_900 * LOT * 100)


def test_stocks_have_their_own_rates() -> None:
    """Price scan range 14.2 %, exposure 3.5 %."""
    stock = Underlying("INFY", DAY, 1_500_00)
    leg = MarginLeg("FUT", EXPIRY, 400, price_paise=1_500_00)
    found = structure_margin([leg], stock, margin_book("INFY", "STOCK")).margin
    assert found.span_paise == round(0.142 * 1_500 * 400 * 100)
    assert found.exposure_paise == 21_000_00


@given(days=st.integers(1, 250), lots=st.integers(1, 50), strike=st.integers(400, 560).map(lambda n: n * 50))
def test_what_is_bought_needs_no_more_than_its_premium(days: int, lots: int, strike: int) -> None:
    leg = MarginLeg("CE", DAY + timedelta(days=days), lots * LOT, strike * 100)
    found = structure_margin([leg], replace(NIFTY, volatility=0.15), book())
    assert found.margin.total_paise == 0


@given(
    strikes=st.lists(st.integers(440, 500).map(lambda n: n * 50), min_size=1, max_size=4),
    kinds=st.lists(st.sampled_from(["CE", "PE"]), min_size=4, max_size=4),
    lots=st.lists(st.integers(-3, 3).filter(bool), min_size=4, max_size=4),
)
def test_together_never_more_than_apart(strikes: list[int], kinds: list[str], lots: list[int]) -> None:
    legs = [
        MarginLeg(kind, EXPIRY, lot * LOT, strike * 100)
        for strike, kind, lot in zip(strikes, kinds, lots, strict=False)
    ]
    found = structure_margin(legs, replace(NIFTY, volatility=0.15), book())
    assert found.hedge_benefit_paise >= -len(legs)  # each part is rounded to the paisa by itself


def test_ewma_volatility() -> None:
    assert ewma_volatility([100.0]) is None
    assert ewma_volatility([100.0, 0.0, 101.0]) is None
    assert ewma_volatility([100.0, math.nan]) is None
    assert ewma_volatility([100.0, 101.0]) == pytest.approx(math.log(1.01) * math.sqrt(252))
    calm_then_wild = ewma_volatility([100, 100, 100, 110], decay=0.5)
    assert calm_then_wild == pytest.approx(math.log(1.1) * math.sqrt(252 * 1 / 1.75))

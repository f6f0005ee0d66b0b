from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.domain.pnl import Pnl, holding_pnl
from portfolio.domain.positions import Holding, average_paise, lots, rounded_share

trades = st.tuples(st.sampled_from(["BUY", "SELL"]), st.integers(1, 10_000), st.integers(1, 10_000_000))


def traded(*fills: tuple[str, int, int]) -> Holding:
    holding = Holding()
    for fill in fills:
        holding = holding.after(*fill)
    return holding


def test_short_bought_back_realises_the_difference() -> None:
    holding = traded(("SELL", 50, 120_00), ("BUY", 50, 80_00))

    assert (holding.net_qty, holding.cost_paise, holding.realised_paise) == (0, 0, 50 * 40_00)


def test_open_short_has_a_negative_cost_and_gains_when_the_price_falls() -> None:
    holding = traded(("SELL", 50, 120_00))

    assert holding.cost_paise == -50 * 120_00
    assert holding.realised_paise == 0
    assert holding.unrealised_paise(100_00) == 50 * 20_00


def test_partial_close_realises_its_share_of_the_average() -> None:
    holding = traded(("BUY", 50, 100_00), ("BUY", 50, 110_00), ("SELL", 50, 120_00))

    assert holding.net_qty == 50
    assert average_paise(holding.net_qty, holding.cost_paise) == 105_00
    assert holding.realised_paise == 50 * 15_00


def test_uneven_average_loses_nothing_when_closed_in_pieces() -> None:
    holding = traded(("BUY", 2, 100), ("BUY", 1, 101), ("SELL", 1, 100), ("SELL", 1, 100), ("SELL", 1, 100))

    assert holding.realised_paise == 300 - 301


def test_turning_round_opens_the_rest_at_the_price_of_the_trade() -> None:
    holding = traded(("BUY", 50, 100_00), ("SELL", 80, 90_00))

    assert (holding.net_qty, holding.cost_paise) == (-30, -30 * 90_00)
    assert holding.realised_paise == -50 * 10_00


@pytest.mark.parametrize("trade", [("BUY", 0, 100), ("BUY", 5, 0), ("HOLD", 5, 100), ("SELL", -5, 100)])
def test_what_is_no_trade_is_refused(trade: tuple[str, int, int]) -> None:
    with pytest.raises(ValueError, match="Not a trade"):
        Holding().after(*trade)


@given(st.lists(trades, max_size=30))
def test_realised_and_unrealised_add_up_to_the_cash_at_every_step(fills: list[tuple[str, int, int]]) -> None:
    holding = Holding()
    for fill in fills:
        holding = holding.after(*fill)
        cash = holding.sell_value_paise - holding.buy_value_paise
        assert holding.realised_paise + holding.unrealised_paise(77) == cash + holding.net_qty * 77
        assert holding.net_qty == holding.buy_qty - holding.sell_qty


@given(st.lists(trades, max_size=30), st.integers(1, 10_000_000))
def test_flat_realises_exactly_sold_minus_bought(fills: list[tuple[str, int, int]], last_paise: int) -> None:
    holding = traded(*fills)
    if holding.net_qty:
        side = "SELL" if holding.net_qty > 0 else "BUY"
        holding = holding.after(side, abs(holding.net_qty), last_paise)

    assert holding.cost_paise == 0
    assert holding.realised_paise == holding.sell_value_paise - holding.buy_value_paise


@given(st.lists(trades, min_size=1, max_size=30))
def test_cost_stays_on_the_side_of_the_quantity(fills: list[tuple[str, int, int]]) -> None:
    holding = traded(*fills)

    assert holding.cost_paise * holding.net_qty >= 0
    assert (holding.net_qty == 0) == (average_paise(holding.net_qty, holding.cost_paise) is None)


@given(st.integers(-(10**15), 10**15), st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounded_share_is_the_nearest_paisa_and_symmetric(paise: int, part: int, whole: int) -> None:
    share = rounded_share(paise, part, whole)

    assert abs(share - Fraction(paise * part, whole)) <= Fraction(1, 2)
    assert rounded_share(-paise, part, whole) == -share


@pytest.mark.parametrize(("qty", "size", "expected"), [(0, 50, 0), (150, 50, 3), (-150, 50, -3), (75, 50, 2)])
def test_lots_are_signed_and_a_broken_lot_counts_whole(qty: int, size: int, expected: int) -> None:
    assert lots(qty, size) == expected


def test_pnl_nets_charges() -> None:
    pnl = holding_pnl(traded(("SELL", 50, 120_00)), 38_58, 100_00) + Pnl(realised_paise=500)

    assert pnl == Pnl(500, 50 * 20_00, 38_58)
    assert pnl.net_paise == 500 + 1_000_00 - 38_58


def test_open_position_without_a_price_is_valued_at_cost_and_counted() -> None:
    assert holding_pnl(traded(("SELL", 50, 120_00)), 100, None) == Pnl(0, 0, 100, unpriced=1)


def test_flat_position_needs_no_price() -> None:
    holding = traded(("SELL", 50, 120_00), ("BUY", 50, 121_00))

    assert holding_pnl(holding, 100, None) == Pnl(-50_00, 0, 100, unpriced=0)

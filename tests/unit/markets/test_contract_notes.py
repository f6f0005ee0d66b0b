"""A contract note against the ledger: example A of the documented ones, and the rules of rounding."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from markets.domain.charges import Charges
from markets.domain.contract_notes import RoundingMode, charges_paise, contract_note
from tests.unit.markets.facts import charges

DAY = date(2026, 11, 20)


def order(side: str, price_paise: int, qty: int = 65) -> Charges:
    return charges().for_order(
        segment="INDEX_OPT",
        exchange="NSE",
        broker="zerodha",
        side=side,
        turnover_paise=price_paise * qty,
        on=DAY,
    )


def test_a_sold_at_120_and_bought_back_at_80() -> None:
    orders = [order("SELL", 120_00), order("BUY", 80_00)]
    assert [charges_paise(orders, rounding_mode=mode) for mode in RoundingMode] == [64_52, 64_66]
    note = contract_note(orders)
    assert (note.lines["stt"], note.lines["stamp"], note.adjustment_paise) == (12_00, 0, 14)


def test_nothing_traded_is_an_empty_note() -> None:
    assert (contract_note([]).total_paise, contract_note([]).adjustment_paise) == (0, 0)


def test_exercise_in_the_money_costs_its_buyer_0_15_percent_of_the_intrinsic_value() -> None:
    """Long 23,500 CE settled at 23,620: 120 × 65 = 7,800 → ₹11.70 (NSE/FATAX/73524)."""
    due = charges().for_exercise(segment="INDEX_OPT", intrinsic_paise=120_00, qty=65, on=DAY)
    assert (due.total_paise, due.stt == due.total) == (11_70, True)


def test_exercise_before_april_2026_cost_0_125_percent() -> None:
    due = charges().for_exercise(segment="INDEX_OPT", intrinsic_paise=120_00, qty=65, on=date(2026, 3, 31))
    assert due.total_paise == 9_75


trades = st.lists(st.tuples(st.sampled_from(["BUY", "SELL"]), st.integers(5, 500_00)), max_size=8)


@given(trades=trades)
def test_stt_and_stamp_are_whole_rupees_and_the_adjustment_makes_up_the_difference(
    trades: list[tuple[str, int]],
) -> None:
    orders = [order(side, price) for side, price in trades]
    note = contract_note(orders)
    assert note.lines["stt"] % 100 == note.lines["stamp"] % 100 == 0
    assert note.total_paise == sum(one.total_paise for one in orders) + note.adjustment_paise
    # each of two components moves by half a rupee at most, every other and every order by half a paisa
    assert abs(note.adjustment_paise) <= 100 + len(orders) + len(note.lines)

"""Money is exact in both directions, and refuses what it cannot hold."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlplatform.core.errors import UserError
from qlplatform.core.money import round_half_up, rupee_str, rupees, tick_ceil, tick_floor, to_paise

PAISE = st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1)


@given(PAISE)
def test_text_and_back(paise: int) -> None:
    assert to_paise(rupee_str(paise)) == paise


@given(PAISE)
def test_decimal_and_back(paise: int) -> None:
    assert to_paise(rupees(paise)) == paise


@given(PAISE)
def test_text_and_decimal_agree(paise: int) -> None:
    assert Decimal(rupee_str(paise)) == rupees(paise)


@pytest.mark.parametrize(
    ("paise", "text"),
    [(14235000, "142350.00"), (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-94120, "-941.20")],
)
def test_rupee_text(paise: int, text: str) -> None:
    assert rupee_str(paise) == text


@pytest.mark.parametrize(("value", "paise"), [("12.5", 1250), (" 7 ", 700), (7, 700), (Decimal("0.01"), 1)])
def test_accepts(value: str | int | Decimal, paise: int) -> None:
    assert to_paise(value) == paise


@pytest.mark.parametrize(
    "value", ["", "abc", "1.005", "NaN", "Infinity", "-inf", "1e999999999", "92233720368547758.08", "1,000"]
)
def test_refuses(value: str) -> None:
    with pytest.raises(UserError) as refusal:
        to_paise(value)
    assert refusal.value.code == "bad_amount"


def test_refuses_floats() -> None:
    with pytest.raises(TypeError, match="not exact"):
        to_paise(0.1)  # type: ignore[arg-type]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UserError):
        assert isinstance(to_paise(text), int)


@pytest.mark.parametrize(("value", "whole"), [("2.5", 3), ("-2.5", -3), ("2.49", 2), ("0.5", 1), ("-0.4", 0)])
def test_rounds_halves_away_from_zero(value: str, whole: int) -> None:
    assert round_half_up(Decimal(value)) == whole


@given(PAISE, st.integers(min_value=1, max_value=10_000))
def test_ticks_enclose_the_price(paise: int, tick: int) -> None:
    low, high = tick_floor(paise, tick), tick_ceil(paise, tick)
    assert low <= paise <= high
    assert low % tick == high % tick == 0
    assert high - low in {0, tick}

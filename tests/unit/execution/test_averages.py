"""Average prices are exact to a hundredth of a paisa, and never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from execution.domain.averages import average_str


@given(value=st.integers(1, 10**13), qty=st.integers(1, 10**6))
def test_an_average_is_the_quotient_rounded_half_up(value: int, qty: int) -> None:
    exact = (Decimal(value) / qty / 100).quantize(Decimal("0.0001"), ROUND_HALF_UP)

    assert Decimal(average_str(value, qty)) == exact


@pytest.mark.parametrize(
    ("value", "qty", "text"),
    [
        (506_250, 50, "101.25"),
        (5, 1, "0.05"),
        (10_001, 3, "33.3367"),
        (20_000, 3, "66.6667"),
        (101, 2, "0.5050"),
    ],
)
def test_two_decimals_for_whole_paise_else_four(value: int, qty: int, text: str) -> None:
    assert average_str(value, qty) == text

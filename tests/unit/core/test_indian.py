from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qlplatform.core.indian import grouped, rupee_text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1,000"), (1284500, "12,84,500"), (-100000, "−1,00,000")],
)
def test_whole_numbers_are_grouped_in_lakh_and_crore(number: int, text: str) -> None:
    assert grouped(number) == text


@pytest.mark.parametrize(
    ("paise", "text"), [(25_000_00, "₹25,000"), (-12_400_50, "−₹12,400.50"), (5, "₹0.05"), (0, "₹0")]
)
def test_amounts_show_paise_only_when_there_are_some(paise: int, text: str) -> None:
    assert rupee_text(paise) == text


@given(st.integers(0, 10**18))
def test_grouping_changes_no_digit(number: int) -> None:
    assert grouped(number).replace(",", "") == str(number)

"""Rupees of a file become exact paise, and the bar length comes from the stamps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.sessions import to_paise
from markets.session_rows import commonest_gap

MINUTE = 60_000_000


@given(st.integers(1, 2**31 - 1))
def test_every_price_in_paise_survives_the_float_of_a_file(paise: int) -> None:
    assert to_paise(np.array([paise / 100])).tolist() == [paise]


@given(st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.05, 0.004, 2.0**31, 1e300]))
def test_what_is_no_usable_price_becomes_zero(rupees: float) -> None:
    assert to_paise(np.array([rupees])).tolist() == [0]


@pytest.mark.parametrize(
    ("minutes", "gap"), [([0, 1, 2, 5], 1), ([0, 3, 6, 7], 3), ([0, 1, 3], 1), ([7], 1), ([2, 2, 0, 4], 2)]
)
def test_bar_length(minutes: list[int], gap: int) -> None:
    assert commonest_gap(np.array(minutes) * MINUTE) == gap * MINUTE

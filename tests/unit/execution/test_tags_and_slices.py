"""Tags name a wish for ever; slices cut a quantity into orders the exchange accepts."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from brokers.gateway import Capabilities
from execution.domain.slices import slice_qty
from execution.domain.tags import order_tag

WISHES = st.tuples(
    st.from_regex(r"run_[0-9A-Z]{26}", fullmatch=True),
    st.from_regex(r"[1-9]-L[1-9]-(E|X)[1-9]", fullmatch=True),
    st.integers(1, 200),
)


def tag(wish: tuple[str, str, int]) -> str:
    return order_tag(run_ref=wish[0], order_ref=wish[1], slice_no=wish[2])


@given(WISHES)
def test_a_tag_fits_every_broker_and_is_the_same_each_time(wish: tuple[str, str, int]) -> None:
    assert tag(wish) == tag(wish)
    assert len(tag(wish)) <= Capabilities.__dataclass_fields__["tag_max_len"].default
    assert re.fullmatch(r"Q[A-Z2-7]{16}", tag(wish))


@given(st.lists(WISHES, unique=True, min_size=2, max_size=30))
def test_different_wishes_have_different_tags(wishes: list[tuple[str, str, int]]) -> None:
    assert len({tag(wish) for wish in wishes}) == len(wishes)


def test_a_tag_never_changes_between_releases() -> None:
    # what was sent before an upgrade must be found after it
    assert tag(("run_1", "1-L1-E1", 1)) == "QHHUQOFKQGB6NLKEP"


@given(lot=st.integers(1, 500), lots=st.integers(1, 400), freeze=st.integers(1, 20_000))
def test_slices_add_up_in_whole_lots_below_the_freeze_quantity(lot: int, lots: int, freeze: int) -> None:
    slices = slice_qty(lot * lots, freeze_qty=freeze, lot_size=lot)

    assert sum(slices) == lot * lots
    assert all(qty > 0 and qty % lot == 0 for qty in slices)
    assert all(qty <= max(freeze, lot) for qty in slices)
    assert len(set(slices[:-1])) <= 1  # equal ones, the rest last


def test_nifty_of_june_2022_is_cut_at_1800() -> None:
    assert slice_qty(4_000, freeze_qty=1_800, lot_size=50) == [1_800, 1_800, 400]
    assert slice_qty(1_800, freeze_qty=1_800, lot_size=50) == [1_800]


def test_a_freeze_quantity_between_two_lots_is_rounded_down() -> None:
    assert slice_qty(150, freeze_qty=120, lot_size=50) == [100, 50]

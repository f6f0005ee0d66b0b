"""Curves for pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from execution.domain.curves import TABLE_ROWS, chart_of, spark_of, thinned

START = datetime(2022, 6, 8, 3, 50, tzinfo=UTC)


def test_no_points_no_chart() -> None:
    assert chart_of([]) is None


def test_a_chart_tells_its_numbers_in_a_sentence() -> None:
    chart = chart_of(
        [(START, 0), (START + timedelta(minutes=1), -12_340_00), (START + timedelta(minutes=2), 55_00)]
    )
    assert chart is not None
    assert chart.sentence == "P&L of the day after charges: now ₹55, highest ₹55, lowest −₹12,340."
    assert chart.points == [(1654660200, 0.0), (1654660260, -12340.0), (1654660320, 55.0)]


def test_a_small_curve_is_rupees() -> None:
    assert spark_of([0, -95_250, 10_00]) == "0.0,-952.5,10.0"


@given(st.lists(st.integers(), min_size=1, max_size=500))
def test_thinning_keeps_order_bound_and_the_last_item(items: list[int]) -> None:
    kept = thinned(list(enumerate(items)), TABLE_ROWS)
    assert len(kept) <= TABLE_ROWS
    assert kept == sorted(kept)
    assert kept[-1] == (len(items) - 1, items[-1])

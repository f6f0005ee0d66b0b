"""Volatility over expiries and over days."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt

import pytest

from markets.domain.chain.drawing import HEIGHT, WIDTH, line_of
from markets.domain.chain.term import TermPoint, iv_at, iv_rank, near_iv
from markets.domain.chain.window import around
from markets.domain.pricing.forward import Forward

START = date(2025, 9, 2)


def point(days: float, iv: float | None) -> TermPoint:
    return TermPoint(
        START + timedelta(days=int(days)), days / 365, Forward(24_500.0, "PARITY", stale=False), iv, 200.0
    )


def test_thirty_days_lie_between_two_expiries_in_total_variance() -> None:
    found = iv_at([point(40, 0.2), point(20, 0.1), point(5, None)])
    assert found == pytest.approx(sqrt((0.1**2 * 20 + 0.2**2 * 40) / 2 / 30))


@pytest.mark.parametrize(
    "points", [[], [point(20, 0.1)], [point(5, 0.1), point(29, 0.1)], [point(40, 0.1), point(31, 0.2)]]
)
def test_nothing_is_invented_outside_the_expiries(points: list[TermPoint]) -> None:
    assert iv_at(points) is None


def test_the_nearest_expiry_with_a_volatility() -> None:
    assert near_iv([point(30, 0.2), point(2, None), point(9, 0.1)]) == point(9, 0.1)
    assert near_iv([point(2, None)]) is None


def test_rank_and_percentile_compare_with_earlier_days() -> None:
    history = [0.10 + 0.01 * (n % 20) for n in range(40)]
    found = iv_rank(0.15, history)
    assert found.rank == pytest.approx(100 * 5 / 19)
    assert (found.percentile, found.days) == (pytest.approx(100 * 10 / 40), 40)
    assert iv_rank(0.9, history).rank == 100.0


@pytest.mark.parametrize(("now", "days"), [(0.15, 19), (None, 40)])
def test_few_days_say_nothing(now: float | None, days: int) -> None:
    found = iv_rank(now, [0.1] * days)
    assert (found.rank, found.percentile, found.days) == (None, None, days)


@pytest.mark.parametrize(
    ("atm", "count", "sides", "shown"),
    [
        (50, 100, 10, (40, 61)),
        (3, 100, 10, (0, 14)),
        (99, 100, 10, (89, 100)),
        (None, 10, 2, (3, 8)),
        (5, 10, None, (0, 10)),
    ],
)
def test_strikes_around_the_money(
    atm: int | None, count: int, sides: int | None, shown: tuple[int, int]
) -> None:
    found = around(atm, count, sides)
    assert (found.start, found.stop) == shown


def test_a_line_fits_its_box() -> None:
    found = line_of([24_000, 24_500, 25_000], [0.14, 0.11, 0.12], mark=24_600)
    assert found is not None
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in found.dots)
    assert found.dots[1].y == max(dot.y for dot in found.dots)
    assert found.mark is not None
    assert line_of([24_000], [0.1]) is None
    assert line_of([1, 2], [0.1, 0.1], mark=9).mark is None  # type: ignore[union-attr]

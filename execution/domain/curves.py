"""Curves for pages: the points a picture draws, the same as a short table, and as one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from qlplatform.core.indian import rupee_text

T = TypeVar("T")

TABLE_ROWS = 30
SPARK_POINTS = 60


@dataclass(frozen=True, slots=True)
class Chart:
    """`points` are [seconds, rupees] for a picture, `rows` (time, paise) for a table; `sentence` says it."""

    points: list[tuple[int, float]]
    rows: list[tuple[datetime, int]]
    sentence: str


def chart_of(series: Sequence[tuple[datetime, int]]) -> Chart | None:
    """The chart of a day's P&L given as (market time, paise), oldest first; None without points."""
    if not series:
        return None
    amounts = [paise for _, paise in series]
    sentence = (
        f"P&L of the day after charges: now {rupee_text(amounts[-1])}, "
        f"highest {rupee_text(max(amounts))}, lowest {rupee_text(min(amounts))}."
    )
    points = [(int(at.timestamp()), drawn(paise)) for at, paise in series]
    return Chart(points, thinned(series, TABLE_ROWS), sentence)


def spark_of(curve: Sequence[int]) -> str:
    """A small curve of paise as comma separated rupees, at most SPARK_POINTS of them."""
    return ",".join(str(drawn(paise)) for paise in thinned(curve, SPARK_POINTS))


def drawn(paise: int) -> float:
    """Rupees for a picture: the one place where an amount may be a float."""
    return paise / 100


def thinned(items: Sequence[T], most: int) -> list[T]:
    """Every n-th item so that at most `most` remain; the last one is always among them."""
    step = max(1, -(-len(items) // most))
    return list(items[::-1][::step])[::-1]

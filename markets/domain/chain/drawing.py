"""Small line charts of a chain, as coordinates for an SVG: the volatility smile and the term structure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 10, 22
LINES = 3


class Dot(NamedTuple):
    """A point of the line, with what it stands for."""

    x: float
    y: float
    at: float
    value: float


class Level(NamedTuple):
    """A grid line: its height in the drawing and its value."""

    y: float
    value: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A line in a box of WIDTH x HEIGHT. `mark` is the x of a place of interest (the money), None outside."""

    dots: tuple[Dot, ...]
    levels: tuple[Level, ...]
    mark: float | None = None

    @property
    def points(self) -> str:
        """The attribute of a polyline."""
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


def line_of(places: Sequence[float], values: Sequence[float], mark: float | None = None) -> Drawing | None:
    """The line through these values, None for fewer than two of them."""
    if len(places) < 2:  # noqa: PLR2004 - a line needs two points
        return None
    low, high = _room(min(values), max(values))
    first, last = min(places), max(places)
    across, down = (WIDTH - LEFT - RIGHT) / (last - first), (HEIGHT - TOP - BOTTOM) / (high - low)

    def x(place: float) -> float:
        return round(LEFT + (place - first) * across, 1)

    def y(value: float) -> float:
        return round(TOP + (high - value) * down, 1)

    steps = [low + (high - low) * n / (LINES - 1) for n in range(LINES)]
    return Drawing(
        tuple(Dot(x(place), y(value), place, value) for place, value in zip(places, values, strict=True)),
        tuple(Level(y(value), value) for value in steps),
        x(mark) if mark is not None and first <= mark <= last else None,
    )


def _room(low: float, high: float) -> tuple[float, float]:
    """A little air above and below; a flat line gets a whole point of it."""
    air = max((high - low) * 0.08, 0.005)
    return max(low - air, 0.0), high + air

"""What an indicator is: parameters, outputs, and one step per closed bar for all its instruments."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from qlplatform.core.errors import UserError
from strategies.indicators.bars import SOURCES, Bar, Floats, History
from strategies.indicators.turns import Counter, Turn

Value = int | float | str
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: a whole number, a number or one of some words, by the type of its default."""

    name: str
    default: Value
    meaning: str
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """`int`, `float` or `choice`."""
        return "choice" if isinstance(self.default, str) else type(self.default).__name__


def length(default: int, meaning: str = "bars it looks back", name: str = "length", low: int = 1) -> Param:
    """A number of bars."""
    return Param(name, default, meaning, low=low, high=5000)


def factor(default: float, meaning: str, name: str = "mult") -> Param:
    """A multiple, above 0."""
    return Param(name, default, meaning, low=0.01, high=100)


def source(default: str = "close") -> Param:
    """The price it is computed from."""
    return Param("source", default, "price it is computed from", choices=SOURCES)


class Indicator(ABC):
    """The state of one indicator over n instruments. The docstring of a subclass is its meaning."""

    name: ClassVar[str]
    title: ClassVar[str]
    params: ClassVar[tuple[Param, ...]] = ()
    outputs: ClassVar[tuple[str, ...]] = ("value",)
    needs_volume: ClassVar[bool] = False
    # Its values depend on where a session begins: bars must mark it.
    needs_sessions: ClassVar[bool] = False

    def __init__(self, n: int, values: Values) -> None:
        self.n = n
        self.values = values
        self._counter = Counter(n)

    @classmethod
    @abstractmethod
    def warmup(cls, values: Values) -> int:
        """Closed bars it takes until every output is there; session levels also need a whole session."""

    @abstractmethod
    def step(self, bar: Bar, turn: Turn) -> tuple[Floats, ...]:
        """One bar: the outputs of the instruments of the turn, in order, in arrays of their own."""

    def hear(self, bar: Bar) -> None:  # noqa: B027 - most indicators have nothing to note
        """Called with every bar, whoever traded in it."""

    def update(self, bar: Bar) -> dict[str, Floats]:
        """Take one closed bar of all instruments; the outputs by name, NaN while they are not known and for
        instruments that did not trade.

        Raises UserError `volume_missing`, `bars_invalid`.
        """
        self._check(bar)
        self.hear(bar)
        at = bar.at(volume=self._wants_volume)
        if not isinstance(at, slice) and not len(at):
            return {output: np.full(self.n, np.nan) for output in self.outputs}
        turn = self._counter.turn(at)
        found = zip(self.outputs, self.step(bar, turn), strict=True)
        return {output: turn.spread(values, self.n) for output, values in found}

    def batch(self, history: History | Iterable[Bar]) -> dict[str, Floats]:
        """`update` with one bar after the other; outputs of shape (T, N). The state stands behind the last
        bar then: live bars may follow.
        """
        rows = [self.update(bar) for bar in history]
        return {
            output: np.stack([row[output] for row in rows]) if rows else np.empty((0, self.n))
            for output in self.outputs
        }

    @property
    def _wants_volume(self) -> bool:
        return self.needs_volume or self.values.get("source") == "volume"

    def _check(self, bar: Bar) -> None:
        if bar.n != self.n:
            raise UserError(
                f"This indicator was made for {self.n} instruments, the bar has {bar.n}.", code="bars_invalid"
            )
        if self._wants_volume and not bar.has_volume:
            raise volume_missing(self.title)


def volume_missing(title: str) -> UserError:
    """The error of an indicator that is asked for without the volume it needs."""
    return UserError(
        f"{title} needs volume, and an index has none. Use the index's future or another instrument.",
        code="volume_missing",
    )

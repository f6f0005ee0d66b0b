"""What rules read, one minute after the other or whole days at once, and what they answer.

Prices are floats in rupees (points), volumes units; NaN is “not known”. A minute is named by its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qlplatform.core.errors import UserError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NAN = float("nan")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """An aware time as µs since 1970 (UTC)."""
    return (at - EPOCH) // MICROSECOND


def instant(at_us: int) -> datetime:
    """µs since 1970 as an aware UTC time."""
    return EPOCH + at_us * MICROSECOND


class Candle(NamedTuple):
    """One instrument in one minute. It did not trade when a price is NaN; an index has no volume."""

    open: float
    high: float
    low: float
    close: float
    volume: float = NAN


class Candles(NamedTuple):
    """The same of many minutes, one array per field."""

    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    def part(self, chosen: slice | NDArray[np.bool_]) -> Candles:
        """Some of the minutes."""
        return Candles(*(column[chosen] for column in self))


class RuleSession(NamedTuple):
    """The sitting a minute belongs to; `day_closes` is the end of its day's last sitting (default: this)."""

    opens: datetime
    closes: datetime
    day_closes: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleBar:
    """A closed minute: the candles of the instruments that traded in it, by the names of `Rule.instruments`,
    and the facts of `Rule.scalars` as they stand at its end.

    Feed every minute of the session, also one without any candle: a candle that ends with it is closed by it.
    """

    at: datetime
    session: RuleSession
    candles: Mapping[str, Candle] = field(default_factory=dict)
    scalars: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class RuleHistory:
    """Closed minutes, oldest first. `at`, `opens`, `closes`, `day_closes` are µs since 1970 (UTC) by minute.

    Raises UserError `bars_invalid` when arrays differ in length, minutes are not in order or not in their
    sitting.
    """

    at: Ints
    opens: Ints
    closes: Ints
    day_closes: Ints
    candles: Mapping[str, Candles]
    scalars: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns = [self.at, self.opens, self.closes, self.day_closes, *self.scalars.values()]
        columns += [column for candles in self.candles.values() for column in candles]
        if any(column.shape != self.at.shape or column.ndim != 1 for column in columns):
            raise UserError("All columns of a history need one value per minute.", code="bars_invalid")
        inside = (self.opens < self.at) & (self.at <= self.closes) & (self.closes <= self.day_closes)
        if not inside.all() or (np.diff(self.at) <= 0).any():
            raise UserError(
                "Minutes must follow each other and lie inside their trading session.", code="bars_invalid"
            )

    def __len__(self) -> int:
        return len(self.at)

    def bars(self) -> Iterator[RuleBar]:
        """The same minutes for `LiveRule.feed`."""
        for i, at in enumerate(self.at.tolist()):
            sitting = (self.opens[i], self.closes[i], self.day_closes[i])
            yield RuleBar(
                at=instant(at),
                session=RuleSession(*(instant(int(edge)) for edge in sitting)),
                candles={
                    name: Candle(*(float(column[i]) for column in each))
                    for name, each in self.candles.items()
                },
                scalars={name: float(column[i]) for name, column in self.scalars.items()},
            )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule said at a close: `value` True or False (also False while something is unknown), or a number
    (NaN while unknown). `inputs` are the numbers it compared, by their text; unknown ones are left out.
    """

    value: bool | float
    at: datetime
    inputs: Mapping[str, float] = field(default_factory=dict)

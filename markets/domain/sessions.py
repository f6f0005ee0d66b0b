"""A recorded trading day: the quotes of one underlying's options and its index, event by event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Prices = NDArray[np.int32]

BARS, SNAPSHOTS, TICKS = "bars", "snapshots", "ticks"
LONGEST_GAP = timedelta(minutes=30)  # a pause between two sittings is not waited for


class ContractKey(NamedTuple):
    """What names an option of an underlying: expiry, strike in paise, right (CE or PE)."""

    expiry: date
    strike_paise: int
    right: str


WARNINGS = {
    "outside_session": "rows outside the trading hours of the day were left out",
    "bad_prices": "rows with a price that is empty, infinite, zero or negative were left out",
    "bad_contracts": "rows without a usable expiry or strike were left out",
    "duplicates": "rows repeated a time and contract already seen; the first was kept",
}


@dataclass(frozen=True, eq=False)
class OptionalColumns:
    """The optional columns of a day's file and where their rows belong in the [bar, contract] grid."""

    shape: tuple[int, int]
    cell: NDArray[np.int64]
    row: NDArray[np.int64]
    read: Mapping[str, Callable[[], NDArray[np.float64]]]

    def matrix(self, column: str) -> NDArray[np.float64]:
        """A column as [bar, contract], NaN where absent."""
        grid = np.full(self.shape, np.nan)
        grid.flat[self.cell] = self.read[column]()[self.row]
        return grid


@dataclass(frozen=True, eq=False)
class Session:
    """One day. `times[i]` (UTC) is the instant the prices of event `i` are known: the end of its bar, or the
    stamp of its snapshot or tick itself. Prices are paise.

    `kind` is BARS, SNAPSHOTS (of the whole chain at irregular times) or TICKS (of the index alone); `bar` is
    the length of a bar, 0 for the others. `prices[i, j]` is that of contract `contracts[j]` in event `i`, 0
    where it was not quoted. `warnings` counts the rows that were left out, by reason. `volume_is_total`: the
    column volume is the day's so far, not that of the bar.
    """

    day: date
    underlying: str
    bar: timedelta
    contracts: tuple[ContractKey, ...]
    times: tuple[datetime, ...]
    spot_paise: tuple[int | None, ...]
    vix: tuple[float | None, ...]
    prices: Prices
    warnings: Mapping[str, int] = field(default_factory=dict)
    optional: OptionalColumns | None = None
    volume_is_total: bool = False
    kind: str = BARS

    def gap_after(self, event: int) -> timedelta:
        """Market time from event `event` (counted from 1) to the next: a bar, or what really lay between."""
        if self.kind == BARS or event >= len(self.times):
            return self.bar
        return min(self.times[event] - self.times[event - 1], LONGEST_GAP)

    @property
    def columns(self) -> tuple[str, ...]:
        """The optional columns there are: of open, high, low, volume, oi, oi_chg, bid, ask, bid_qty,
        ask_qty.
        """
        return tuple(self.optional.read) if self.optional else ()

    def matrix(self, column: str) -> NDArray[np.float64]:
        """An optional column as [bar, contract] in the units of the file, NaN where absent; KeyError when
        there is none.
        """
        if self.optional is None or column not in self.optional.read:
            raise KeyError(
                f"This session has no column {column!r}; it has: {', '.join(self.columns) or 'closes only'}."
            )
        return self.optional.matrix(column)

    def warning_texts(self) -> tuple[str, ...]:
        """The warnings as sentences: "3 rows outside the trading hours of the day were left out"."""
        return tuple(f"{count} {WARNINGS[code]}" for code, count in self.warnings.items())

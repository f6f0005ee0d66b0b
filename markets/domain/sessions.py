"""A recorded trading day: the quotes of one underlying's contracts and its index, event by event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Prices = NDArray[np.int32]

BARS, SNAPSHOTS, TICKS = "bars", "snapshots", "ticks"
FUT = "FUT"
LONGEST_GAP = timedelta(minutes=30)  # a pause between two sittings is not waited for
MOST_PAISE = 2**31 - 1  # prices are kept as int32


class ContractKey(NamedTuple):
    """What names a contract of an underlying: expiry, strike in paise, right: CE, PE or FUT (strike 0)."""

    expiry: date
    strike_paise: int
    right: str


class Ohlc(NamedTuple):
    """Bars in paise, arrays of one shape: low ≤ open, close ≤ high where there is a bar, 0 where not."""

    open: Prices
    high: Prices
    low: Prices
    close: Prices


WARNINGS = {
    "outside_session": "rows outside the trading hours of the day were left out",
    "bad_prices": "rows with a price that is empty, infinite, zero or negative were left out",
    "bad_contracts": "rows without a usable expiry or strike were left out",
    "duplicates": "rows repeated a time and contract already seen; the first was kept",
}


def to_paise(rupees: NDArray[np.float64]) -> NDArray[np.int64]:
    """The nearest paise; 0 for what is no positive finite price a column of the platform can hold."""
    paise = np.floor(np.nan_to_num(rupees, nan=0.0, posinf=0.0, neginf=0.0) * 100 + 0.5)
    return np.where((paise > 0) & (paise <= MOST_PAISE), paise, 0).astype(np.int64)


def whole(opened: Prices, high: Prices, low: Prices, close: Prices) -> Ohlc:
    """Bars that hold together: an open that is missing is the close, the extremes include both, and without a
    close there is no bar.
    """
    first = np.where(opened > 0, opened, close)
    highest = np.maximum(np.maximum(first, close), high)
    lowest = np.minimum(np.minimum(first, close), np.where(low > 0, low, close))
    there = close > 0
    return Ohlc(*(np.where(there, part, 0).astype(np.int32) for part in (first, highest, lowest, close)))


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

    def paise(self, column: str) -> Prices:
        """A column of prices as [bar, contract] in paise, 0 where absent."""
        grid = np.zeros(self.shape, dtype=np.int32)
        grid.flat[self.cell] = to_paise(self.read[column]()[self.row])
        return grid


@dataclass(frozen=True, eq=False)
class Session:
    """One day. `times[i]` (UTC) is the instant the prices of event `i` are known: the end of its bar, or the
    stamp of its snapshot or tick itself. Prices are paise.

    `kind` is BARS, SNAPSHOTS (of the whole chain at irregular times) or TICKS (of the index alone); `bar` is
    the length of a bar, 0 for the others. `prices[i, j]` is that of contract `contracts[j]` in event `i`, 0
    where it was not quoted. `spot_ohlc` are the bars of the index, one per event, where its file has them.
    `warnings` counts the rows that were left out, by reason. `volume_is_total`: the column volume is the
    day's so far, not that of the bar.
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
    spot_ohlc: Ohlc | None = None

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
        return self._optional(column).matrix(column)

    def paise(self, column: str) -> Prices:
        """An optional column of prices (open, high, low, bid, ask) as [bar, contract] in paise, 0 where
        absent; KeyError when there is none.
        """
        return self._optional(column).paise(column)

    def ohlc(self) -> Ohlc | None:
        """The bars as [bar, contract]; None when the file has closes only, or no bars at all. Read once."""
        return self._ohlc

    @cached_property
    def _ohlc(self) -> Ohlc | None:
        if self.kind != BARS or not {"open", "high", "low"} <= set(self.columns):
            return None
        return whole(self.paise("open"), self.paise("high"), self.paise("low"), self.prices)

    def warning_texts(self) -> tuple[str, ...]:
        """The warnings as sentences: "3 rows outside the trading hours of the day were left out"."""
        return tuple(f"{count} {WARNINGS[code]}" for code, count in self.warnings.items())

    def _optional(self, column: str) -> OptionalColumns:
        if self.optional is None or column not in self.optional.read:
            raise KeyError(
                f"This session has no column {column!r}; it has: {', '.join(self.columns) or 'closes only'}."
            )
        return self.optional

"""Whose turn it is: each instrument counts its own bars, so that one missed by it never shifts the others.

As long as nobody missed a bar, all counts are one number and every step is a handful of whole-array
operations; afterwards counts are arrays. Both give the same result to the last bit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from strategies.indicators.bars import ALL, At, Floats

REFRESH_BARS = 1000  # rolling sums are added up anew this often, against drift


class Turn:
    """The instruments a bar speaks of (`at`) and the number of bars each had before it (`ordinal`)."""

    __slots__ = ("_refresh", "at", "least", "ordinal")

    def __init__(self, at: At, ordinal: int | NDArray[np.int64]) -> None:
        self.at = at
        self.ordinal = ordinal
        self.least = ordinal if isinstance(ordinal, int) else int(ordinal.min())
        self._refresh: bool | NDArray[np.bool_] | None = None

    @property
    def refresh(self) -> bool | NDArray[np.bool_]:
        """For whom a rolling sum is due to be added up anew."""
        if self._refresh is None:
            self._refresh = self.ordinal % REFRESH_BARS == REFRESH_BARS - 1
        return self._refresh

    def known(self, values: Floats, first: int) -> Floats:
        """`values`, NaN for instruments that have not reached bar number `first` (from 0) yet."""
        return values if self.least >= first else np.where(self.ordinal >= first, values, np.nan)

    def spread(self, values: Floats, n: int) -> Floats:
        """`values` as an array of all n instruments, NaN for those the bar does not speak of."""
        if self.at is ALL:
            return values
        whole = np.full(n, np.nan)
        whole[self.at] = values
        return whole


class Counter:
    """Counts the bars of n instruments."""

    __slots__ = ("_n", "_seen", "_together")

    def __init__(self, n: int) -> None:
        self._n = n
        self._together = 0
        self._seen: NDArray[np.int64] | None = None  # once somebody missed a bar

    def turn(self, at: At) -> Turn:
        """Count a bar of the instruments `at`, at least one."""
        if self._seen is None and at is ALL:
            self._together += 1
            return Turn(ALL, self._together - 1)
        if self._seen is None:
            self._seen = np.full(self._n, self._together, dtype=np.int64)
        before = self._seen[at].copy()
        self._seen[at] += 1
        return Turn(at, before)

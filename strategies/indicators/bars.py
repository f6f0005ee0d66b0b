"""What indicators read: one closed bar of many instruments side by side, and a history of such bars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from qlplatform.core.errors import UserError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
At = slice | NDArray[np.intp]

ALL: Final = slice(None)
SOURCES: Final = ("open", "high", "low", "close", "hl2", "hlc3", "ohlc4", "volume")
_FIELDS: Final = ("open", "high", "low", "close")


class Bar:
    """One closed bar of N instruments, as arrays of N.

    `present` names the instruments that traded; one without a finite open, high, low and close did not,
    whatever it says. `new_session` marks the first bar of a trading session, also for instruments that did
    not trade in it.
    """

    __slots__ = ("_at", "_at_volume", "_columns", "n", "new_session")

    def __init__(  # noqa: PLR0913, PLR0917 - a bar is these seven columns
        self,
        open: Any,  # noqa: A002 - the word of the field
        high: Any,
        low: Any,
        close: Any,
        volume: Any = None,
        new_session: Any = False,
        present: Any = None,
    ) -> None:
        given = zip(_FIELDS, (open, high, low, close), strict=True)
        self._columns = {name: np.asarray(column, dtype=np.float64) for name, column in given}
        self.n = len(self._columns["close"])
        if volume is not None:
            self._columns["volume"] = np.asarray(volume, dtype=np.float64)
        self.new_session = np.asarray(new_session, dtype=np.bool_)
        self._check(present)
        self._at = self._traded(present)
        self._at_volume: At | None = None

    def _check(self, present: Any) -> None:
        shapes = {name: column.shape for name, column in self._columns.items()}
        if present is not None:
            shapes["present"] = np.shape(present)
        if self.new_session.shape:
            shapes["new_session"] = self.new_session.shape
        wrong = [name for name, shape in shapes.items() if shape != (self.n,)]
        if wrong:
            raise UserError(
                f"A bar of {self.n} instruments needs {self.n} values of {', '.join(wrong)}.",
                code="bars_invalid",
            )

    def _traded(self, present: Any) -> At:
        prices = self._columns
        whole = np.isfinite(prices["open"] + prices["high"] + (prices["low"] + prices["close"]))
        return _places(whole if present is None else whole & np.asarray(present, dtype=np.bool_))

    @property
    def has_volume(self) -> bool:
        return "volume" in self._columns

    def at(self, *, volume: bool = False) -> At:
        """The instruments that traded; with `volume` only those whose volume is known."""
        if not volume:
            return self._at
        if self._at_volume is None:
            known = np.isfinite(self._columns["volume"])
            if not isinstance(self._at, slice):
                known &= np.isin(np.arange(self.n), self._at)
            self._at_volume = _places(known)
        return self._at_volume

    def take(self, source: str, at: At) -> Floats:
        """A column (`SOURCES`) of the instruments `at`; not to be written to."""
        column = self._columns.get(source)
        if column is None:
            column = self._columns[source] = self._derived(source)
        return column if at is ALL else column[at]

    def _derived(self, source: str) -> Floats:
        prices = self._columns
        middle = prices["high"] + prices["low"]
        if source == "hl2":
            return middle / 2
        if source == "hlc3":
            return (middle + prices["close"]) / 3
        if source == "ohlc4":
            return (prices["open"] + middle + prices["close"]) / 4
        raise UserError(
            "These bars have no volume, and the indicator needs it. An index has none: use its future.",
            code="volume_missing",
        )


def _places(flags: Flags) -> At:
    return ALL if flags.all() else np.flatnonzero(flags)


class History:
    """Bars of T moments and N instruments: columns of shape (T, N), or (T,) for one instrument.

    `new_session` is (T,) when all instruments share their sessions, else (T, N); `present` like the prices.
    """

    __slots__ = ("_columns", "n", "shape")

    def __init__(self, **columns: Any) -> None:
        close = np.asarray(columns["close"], dtype=np.float64)
        self.shape = close.shape if close.ndim == 2 else (len(close), 1)
        self.n = self.shape[1]
        self._columns = {
            name: self._column(name, value) for name, value in columns.items() if value is not None
        }

    def _column(self, name: str, value: Any) -> NDArray[Any]:
        column = np.asarray(value, dtype=np.bool_ if name in {"new_session", "present"} else np.float64)
        if column.shape == self.shape or (name == "new_session" and column.shape == self.shape[:1]):
            return column
        if self.n == 1 and column.shape == self.shape[:1]:
            return column.reshape(self.shape)
        raise UserError(
            f"The column {name} has the shape {column.shape}, the closing prices have {self.shape}.",
            code="bars_invalid",
        )

    def __len__(self) -> int:
        return int(self.shape[0])

    def __iter__(self) -> Iterator[Bar]:
        """The bars, oldest first."""
        for moment in range(len(self)):
            yield Bar(**{name: column[moment] for name, column in self._columns.items()})

"""A batch of ticks as arrays: the one form in which every source delivers, and all that follows works.

Prices are paise, quantities, volume and open interest units (shares), times µs since 1970 (UTC). What a
source does not tell is UNTOLD, and what is known stays; a price that is no number is NAN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

UNTOLD = -1
NAN = -(2**63)
MAX_PRICE = 2**31 - 1  # paise; prices are kept in 32 bits


@dataclass(frozen=True, slots=True, eq=False)
class Ticks:
    """Ticks in order of arrival, one array per field.

    `token` is the source's number of the instrument, `place` its row on the board (UNTOLD until the gate has
    looked it up), `volume` the day's so far, `exch_us` the exchange's stamp, `recv_us` when it came in.
    """

    token: Ints
    ltp: Ints
    bid: Ints
    ask: Ints
    bid_qty: Ints
    ask_qty: Ints
    volume: Ints
    oi: Ints
    exch_us: Ints
    recv_us: Ints
    place: Ints

    def __len__(self) -> int:
        return len(self.token)

    def take(self, rows: Ints | Mask) -> Ticks:
        """The ticks at these places, or of this mask."""
        return Ticks(*(getattr(self, name)[rows] for name in FIELDS))

    def with_columns(self, **columns: Ints) -> Ticks:
        """The same ticks with other values in some fields."""
        return Ticks(*(columns.get(name, getattr(self, name)) for name in FIELDS))


FIELDS = tuple(each.name for each in fields(Ticks))


def ticks_of(count: int, **columns: ArrayLike) -> Ticks:
    """Ticks from some columns, whole numbers; the others are UNTOLD."""
    unknown = columns.keys() - set(FIELDS)
    if unknown:
        raise TypeError(f"Ticks have no {', '.join(sorted(unknown))}.")
    untold = np.full(count, UNTOLD, dtype=np.int64)
    return Ticks(*(np.asarray(columns.get(name, untold), dtype=np.int64) for name in FIELDS))


def no_ticks() -> Ticks:
    """No ticks at all."""
    return ticks_of(0)


def joined(parts: Sequence[Ticks]) -> Ticks:
    """Batches behind each other, as one."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return no_ticks()
    return Ticks(*(np.concatenate([getattr(part, name) for part in parts]) for name in FIELDS))


def paise_of(rupees: ArrayLike) -> Ints:
    """Prices in rupees as paise, NAN where they are no numbers: the edge to sources that speak floats."""
    values = np.asarray(rupees, dtype=np.float64) * 100
    usable = np.isfinite(values) & (np.abs(values) < 2**62)
    return np.where(usable, np.rint(np.where(usable, values, 0)).astype(np.int64), NAN)


def sample(ticks: Ticks, row: int) -> Mapping[str, int]:
    """One tick, as an example of what was wrong."""
    return {name: int(getattr(ticks, name)[row]) for name in FIELDS if getattr(ticks, name)[row] != UNTOLD}

"""Where the contracts of a chain stand in a snapshot: found once for a set of instruments, used with every
price event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from markets.domain.chain.quotes import CALL, PUT, Ints

RIGHTS = {"CE": CALL, "PE": PUT}
Places = NDArray[np.intp]


class Listed(NamedTuple):
    """An instrument as a chain needs it; `freeze_qty` is None where no master told it."""

    id: int
    public_id: str
    underlying: str
    kind: str
    expiry: date | None
    strike_paise: int | None
    lot_size: int
    tick_paise: int
    freeze_qty: int | None
    symbol: str


@dataclass(frozen=True, slots=True, eq=False)
class ExpiryLayout:
    """The contracts of one expiry: strikes ascending (paise), for calls and puts their place in the snapshot
    (-1 for none) and the instrument.
    """

    expiry: date
    strikes_paise: Ints
    places: Places
    listed: tuple[tuple[Listed | None, ...], tuple[Listed | None, ...]]

    @property
    def lot_size(self) -> int:
        """Of the expiry's contracts."""
        return next(row.lot_size for side in self.listed for row in side if row is not None)

    @property
    def tick_paise(self) -> int:
        """Of the expiry's contracts."""
        return next(row.tick_paise for side in self.listed for row in side if row is not None)


@dataclass(frozen=True, slots=True, eq=False)
class UnderlyingLayout:
    """Everything of one underlying: options by expiry (ascending), places of its futures and of itself."""

    expiries: Mapping[date, ExpiryLayout]
    futures: Mapping[date, int] = field(default_factory=dict)
    spot: int = -1


def layouts(instruments: Iterable[Listed], keys: Ints) -> dict[str, UnderlyingLayout]:
    """The layouts of all underlyings that have options among `keys`, the snapshot's instruments."""
    place = {key: n for n, key in enumerate(keys.tolist())}
    options: dict[str, dict[date, list[Listed]]] = defaultdict(lambda: defaultdict(list))
    futures: dict[str, dict[date, int]] = defaultdict(dict)
    spots: dict[str, int] = {}
    for row in instruments:
        if row.kind in RIGHTS and row.expiry is not None:
            options[row.underlying][row.expiry].append(row)
        elif row.kind == "FUT" and row.expiry is not None:
            futures[row.underlying][row.expiry] = place[row.id]
        else:
            spots[row.underlying] = place[row.id]
    return {
        name: UnderlyingLayout(
            {expiry: _expiry(expiry, rows, place) for expiry, rows in sorted(found.items())},
            futures[name],
            spots.get(name, -1),
        )
        for name, found in options.items()
    }


def _expiry(expiry: date, rows: list[Listed], place: Mapping[int, int]) -> ExpiryLayout:
    strikes = sorted({row.strike_paise or 0 for row in rows})
    column = {strike: n for n, strike in enumerate(strikes)}
    places = np.full((2, len(strikes)), -1, dtype=np.intp)
    listed: list[list[Listed | None]] = [[None] * len(strikes) for _ in RIGHTS]
    for row in rows:
        side, at = RIGHTS[row.kind], column[row.strike_paise or 0]
        places[side, at], listed[side][at] = place[row.id], row
    return ExpiryLayout(
        expiry, np.array(strikes, dtype=np.int64), places, (tuple(listed[CALL]), tuple(listed[PUT]))
    )

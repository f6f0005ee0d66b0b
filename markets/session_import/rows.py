"""The rows of a set in the making: one per time and contract, or of the index alone, as the files will hold
them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from markets.session_import.chain import DAY_US, EPOCH_DAY, FIELDS, Chain, floats_of, micros_of
from markets.session_import.units import Unit, lot_from_quantities, to_units
from markets.session_loading import OPTIONAL

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

PRICES = ("open", "high", "low", "close", "bid", "ask")
RIGHTS = np.array(["CE", "PE"])


@dataclass(slots=True)
class OptionRows:
    """Rows of options: time (µs of naive IST), expiry (days since 1970), strike in rupees, right, and columns
    of numbers (NaN = none). `dropped` counts rows left out, `cleared` prices and quantities taken out of rows
    that stayed.
    """

    ts: Ints
    expiry: Ints
    strike: Floats
    right: NDArray[np.str_]
    values: dict[str, Floats]
    dropped: Counter[str] = field(default_factory=Counter)
    cleared: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.ts)

    def keep(self, mask: Mask, reason: str) -> None:
        """Leave out the rows outside `mask`, counted under `reason`."""
        if left_out := int(len(mask) - np.count_nonzero(mask)):
            self.dropped[reason] += left_out
            self.take(np.flatnonzero(mask))

    def take(self, rows: Ints) -> None:
        """Only these rows, in this order."""
        self.ts, self.expiry, self.strike = self.ts[rows], self.expiry[rows], self.strike[rows]
        self.right = self.right[rows]
        self.values = {name: column[rows] for name, column in self.values.items()}

    def clear(self, mask: Mask, names: Sequence[str], reason: str) -> None:
        """Take these columns out of the rows of `mask`, counted under `reason`."""
        if mask.any():
            self.cleared[reason] += int(np.count_nonzero(mask))
            for name in names:
                self.values[name] = np.where(mask, np.nan, self.values[name])

    def table(self) -> pa.Table:
        """As the options file holds them."""
        columns = {
            "ts": pa.array(self.ts, pa.timestamp("us")),
            "expiry": pa.array(self.expiry.astype(np.int32), pa.int32()).cast(pa.date32()),
            "strike": pa.array(self.strike),
            "right": pa.array(self.right.astype(object), pa.string()),
        }
        for name, column in self.values.items():
            if name in PRICES:
                columns[name] = pa.array(np.round(column, 2), pa.float64(), from_pandas=True)
            else:
                columns[name] = pa.array(np.round(column), pa.float64(), from_pandas=True).cast(pa.int64())
        return pa.table(columns)


def rows_of_chain(chain: Chain) -> OptionRows:
    """Calls and puts of a chain below each other; what says nothing at all is left out."""
    parts = {
        ("close" if name == "ltp" else name): np.concatenate(
            [_cell(chain, "ce", name), _cell(chain, "pe", name)]
        )
        for name in FIELDS
        if f"ce_{name}" in chain.cells or f"pe_{name}" in chain.cells
    }
    count = len(chain.ts)
    rows = OptionRows(
        ts=np.tile(chain.ts, 2),
        expiry=np.tile(chain.expiry, 2),
        strike=np.tile(chain.strike, 2),
        right=np.repeat(RIGHTS, count),
        values=parts,
        dropped=Counter(chain.dropped),
    )
    _clear_prices(rows)
    said = [rows.values[name] > 0 for name in ("close", "bid", "ask", "oi") if name in rows.values]
    rows.keep(np.logical_or.reduce(said), "nothing_quoted")
    return rows


def _cell(chain: Chain, side: str, name: str) -> Floats:
    return chain.cells.get(f"{side}_{name}", np.full(len(chain.ts), np.nan))


def rows_of_bars(table: pa.Table, name: str, right: NDArray[np.str_]) -> OptionRows:
    """The rows of a table with `ts, expiry, strike, right, close` and any of the optional columns."""
    known = [column for column in ("close", *OPTIONAL) if column in table.column_names]
    rows = OptionRows(
        ts=micros_of(table, "ts", name),
        expiry=micros_of(table, "expiry", name) // DAY_US,
        strike=floats_of(table, "strike", name),
        right=right,
        values={column: floats_of(table, column, name) for column in known},
    )
    _clear_prices(rows)
    return rows


def _clear_prices(rows: OptionRows) -> None:
    """Nonsense out of prices: 0 is none, negative and infinite are counted, so are crossed quotes."""
    for name in PRICES:
        if name in rows.values:
            column = rows.values[name]
            rows.clear((column < 0) | np.isinf(column), [name], "bad_price")
            rows.values[name] = np.where(column == 0, np.nan, rows.values[name])
    if "bid" in rows.values and "ask" in rows.values:
        rows.clear(rows.values["bid"] > rows.values["ask"], ["bid", "ask"], "crossed_quote")
    for side in ("bid", "ask"):
        if side in rows.values and f"{side}_qty" in rows.values:
            unpriced = np.isnan(rows.values[side])
            rows.values[f"{side}_qty"] = np.where(unpriced, np.nan, rows.values[f"{side}_qty"])


def join_rows(parts: Sequence[OptionRows]) -> OptionRows:
    """All rows together by time and contract."""
    names = list(dict.fromkeys(name for part in parts for name in part.values))
    whole = OptionRows(
        ts=np.concatenate([part.ts for part in parts]),
        expiry=np.concatenate([part.expiry for part in parts]),
        strike=np.concatenate([part.strike for part in parts]),
        right=np.concatenate([part.right for part in parts]),
        values={
            name: np.concatenate([part.values.get(name, np.full(len(part), np.nan)) for part in parts])
            for name in names
        },
        dropped=sum((part.dropped for part in parts), Counter()),
        cleared=sum((part.cleared for part in parts), Counter()),
    )
    whole.take(np.lexsort((whole.right, whole.strike, whole.expiry, whole.ts)))
    return whole


def lots_of(rows: OptionRows, known: Callable[[date], int | None]) -> dict[date, int | None]:
    """The lot of each expiry: the dated fact, else what all quantities on offer are multiples of."""
    lots: dict[date, int | None] = {}
    for number in np.unique(rows.expiry[rows.expiry > 0]).tolist():
        expiry = EPOCH_DAY + timedelta(days=number)
        lots[expiry] = known(expiry) or _quoted_lot(rows, number)
    return lots


def _quoted_lot(rows: OptionRows, expiry: int) -> int | None:
    mine = rows.expiry == expiry
    sides = [rows.values[name][mine] for name in ("bid_qty", "ask_qty") if name in rows.values]
    return lot_from_quantities(np.concatenate(sides)) if sides else None


def into_units(rows: OptionRows, lots: dict[date, int | None]) -> dict[str, Unit]:
    """Make open interest, volume and quantities units in place; what each was found to be in the file."""
    numbers = {(expiry - EPOCH_DAY).days: lot or 1 for expiry, lot in lots.items()}
    expiries, place = np.unique(rows.expiry, return_inverse=True)
    per_row = np.array([numbers.get(number, 1) for number in expiries.tolist()], dtype=np.float64)[place]
    return to_units(rows.values, per_row)

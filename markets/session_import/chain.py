"""Snapshots of an option chain: one row per time, expiry and strike, calls and puts side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from markets.session_files import SessionDataError, naive_ist
from markets.session_import.page import Page

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FIELDS = ("ltp", "bid", "ask", "bid_qty", "ask_qty", "volume", "oi", "oi_chg")
SIDES = ("ce", "pe")
DAY_US = 86_400_000_000
EPOCH_DAY = date(1970, 1, 1)


@dataclass(slots=True)
class Chain:
    """Rows of snapshots: time (µs of naive IST), expiry (days since 1970), strike, spot (NaN = none) and the
    cells `ce_ltp` … `pe_oi_chg` there are (rupees and units as the file has them, NaN = none).
    """

    ts: Ints
    expiry: Ints
    strike: Floats
    spot: Floats
    cells: dict[str, Floats]
    dropped: Counter[str] = field(default_factory=Counter)

    def keep(self, mask: Mask, reason: str) -> None:
        """Leave out the rows outside `mask`, counted under `reason`."""
        if left_out := int(len(mask) - np.count_nonzero(mask)):
            self.dropped[reason] += left_out
            self._take(np.flatnonzero(mask))

    def order(self, rows: Ints) -> None:
        """Put the rows into this order."""
        self._take(rows)

    def _take(self, rows: Ints) -> None:
        self.ts, self.expiry = self.ts[rows], self.expiry[rows]
        self.strike, self.spot = self.strike[rows], self.spot[rows]
        self.cells = {name: column[rows] for name, column in self.cells.items()}


def chain_of_table(table: pa.Table, underlying: str, name: str) -> Chain:
    """The snapshots in a table with columns `ts` or `nse_ts`, `expiry`, `strike`, `ce_ltp`, `pe_ltp` and what
    else there is of FIELDS, `spot`, `symbol` or `underlying`, `collected`.

    Of several rows with one stamp the one collected first is kept. Raises SessionDataError `stale_snapshots`
    when every stamp is of a day before it was collected.
    """
    stamp = "nse_ts" if "nse_ts" in table.column_names else "ts"
    chain = Chain(
        ts=micros_of(table, stamp, name),
        expiry=micros_of(table, "expiry", name) // DAY_US,
        strike=floats_of(table, "strike", name),
        spot=floats_of(table, "spot", name),
        cells={
            cell: floats_of(table, cell, name)
            for side in SIDES
            for each in FIELDS
            if (cell := f"{side}_{each}") in table.column_names
        },
    )
    collected = micros_of(table, "collected", name) if "collected" in table.column_names else chain.ts
    mine = of_underlying(table, underlying)
    chain.keep(mine, "other_underlying")
    _refuse_stale(chain, collected[mine], name)
    return chain


def _refuse_stale(chain: Chain, collected: Ints, name: str) -> None:
    """Leave out stamps of a day before they were collected; the rest by stamp, then collection."""
    old = chain.ts // DAY_US < collected // DAY_US
    if len(old) and old.all():
        stamped, fetched = (EPOCH_DAY + timedelta(days=int(us[0] // DAY_US)) for us in (chain.ts, collected))
        raise SessionDataError(
            f"Every snapshot of {name} carries the time of {stamped}, though they were fetched on {fetched}: "
            "the exchange's page had not moved on, so this is not that day's market.",
            code="stale_snapshots",
            file=name,
            stamped=stamped.isoformat(),
            collected=fetched.isoformat(),
        )
    chain.keep(~old, "stale")
    chain.order(np.lexsort((collected[~old], chain.ts)))


def chain_of_page(page: Page, at: datetime, expiry: date) -> Chain:
    """One exported page: a snapshot of one expiry taken at `at` (naive IST)."""
    count = len(page.columns["strike"])
    stamp = int(np.datetime64(at, "us").astype(np.int64))
    return Chain(
        ts=np.full(count, stamp, dtype=np.int64),
        expiry=np.full(count, (expiry - EPOCH_DAY).days, dtype=np.int64),
        strike=np.array(page.columns["strike"]),
        spot=np.full(count, np.nan),
        cells={name: np.array(values) for name, values in page.columns.items() if name != "strike"},
        dropped=Counter(page.dropped),
    )


def join_chains(chains: Sequence[Chain]) -> Chain:
    """All snapshots together by time; rows that repeat time, expiry and strike are left out and counted."""
    names = sorted(set().union(*(chain.cells for chain in chains)))
    whole = Chain(
        ts=np.concatenate([chain.ts for chain in chains]),
        expiry=np.concatenate([chain.expiry for chain in chains]),
        strike=np.concatenate([chain.strike for chain in chains]),
        spot=np.concatenate([chain.spot for chain in chains]),
        cells={
            name: np.concatenate([chain.cells.get(name, np.full(len(chain.ts), np.nan)) for chain in chains])
            for name in names
        },
        dropped=sum((chain.dropped for chain in chains), Counter()),
    )
    order = np.lexsort((whole.strike, whole.expiry, whole.ts))
    whole.order(order)
    again = np.zeros(len(order), dtype=bool)
    for column in (whole.ts, whole.expiry, whole.strike):
        same = column[1:] == column[:-1]
        again[1:] = same if column is whole.ts else again[1:] & same
    whole.keep(~again, "repeated_snapshot")
    return whole


def micros_of(table: pa.Table, column: str, name: str) -> Ints:
    """A column of times or dates as µs of naive IST, those that are empty 0; SessionDataError
    `wrong_columns`.
    """
    values = table[column]
    try:
        if pa.types.is_timestamp(values.type):
            values = naive_ist(values)
        micros = values.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise SessionDataError(
            f"Column {column} of {name} must hold times or dates; it holds {values.type}.",
            code="wrong_columns",
            file=name,
            column=column,
        ) from error
    found: Ints = pc.fill_null(micros, 0).to_numpy()
    return found


def floats_of(table: pa.Table, column: str, name: str) -> Floats:
    """A column of numbers, NaN where empty, all NaN when there is no such column; SessionDataError
    `wrong_columns`.
    """
    if column not in table.column_names:
        return np.full(table.num_rows, np.nan)
    try:
        values: Floats = table[column].cast(pa.float64()).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise SessionDataError(
            f"Column {column} of {name} must hold numbers; it holds {table[column].type}.",
            code="wrong_columns",
            file=name,
            column=column,
        ) from error
    return np.array(values)


def of_underlying(table: pa.Table, underlying: str) -> Mask:
    """Which rows are of an underlying: all, when no column names one."""
    for column in ("symbol", "underlying"):
        if column in table.column_names:
            mine: Mask = pc.fill_null(
                pc.equal(pc.utf8_upper(table[column].cast(pa.string())), underlying), False
            ).to_numpy()
            return mine
    return np.ones(table.num_rows, dtype=bool)

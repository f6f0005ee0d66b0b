"""A day that is being recorded: small Parquet parts, each written once and whole, so that a crash loses no
finished minute and a restart goes on behind the last one.

    <var>/data/recordings/<market>/parts/<day>/bars-<µs>.parquet    minute bars of all instruments
    <var>/data/recordings/<market>/parts/<day>/chain-<µs>.parquet   rows of options as a session set has them
    <var>/data/recordings/<market>/parts/<day>/index-<µs>.parquet   prices of the indices
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from markets.candle_store import Series
from markets.session_import.writing import parquet_write
from markets.sessions import recordings_folder

Ints = NDArray[np.int64]

BARS, CHAIN, INDEX = "bars", "chain", "index"
BAR_SCHEMA = pa.schema(
    [
        ("ts", pa.timestamp("us", tz="UTC")),
        ("underlying", pa.string()),
        ("kind", pa.string()),
        ("expiry", pa.date32()),
        ("strike", pa.int64()),
        *((name, pa.int64()) for name in ("open", "high", "low", "close", "volume", "oi", "total")),
    ]
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An instrument that is recorded: its key in the feed, and what names it for ever."""

    key: int
    underlying: str
    series: Series


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a day has been recorded: by place the day's volume and open interest at the last bar (-1 =
    none), the end of the last finished minute and the last snapshot (µs since 1970, 0 = none).
    """

    totals: Ints
    oi: Ints
    bars_until_us: int
    chain_until_us: int


class DayParts:
    """The parts of one day of a market."""

    def __init__(self, market: str, day: date) -> None:
        self.day = day
        self.folder = recordings_folder() / market / "parts" / day.isoformat()

    def write(self, kind: str, until_us: int, rows: pa.Table) -> None:
        """A part that ends at `until_us`; nothing for no rows."""
        if rows.num_rows:
            self.folder.mkdir(parents=True, exist_ok=True)
            parquet_write(self.folder / f"{kind}-{until_us}.parquet", [rows])

    def ends(self, kind: str) -> list[int]:
        """Where each part of a kind ends, ascending."""
        return sorted(int(path.stem.partition("-")[2]) for path in self.folder.glob(f"{kind}-*.parquet"))

    def each(self, kind: str, *, last: bool = False) -> Iterator[pa.Table]:
        """The parts of a kind in the order they were written, or the last one only."""
        for end in self.ends(kind)[-1:] if last else self.ends(kind):
            yield pq.read_table(self.folder / f"{kind}-{end}.parquet")

    def read(self, kind: str) -> pa.Table | None:
        """All rows of a kind in the order they were written; None without any."""
        found = list(self.each(kind))
        return pa.concat_tables(found) if found else None

    def standing(self, contracts: Mapping[tuple[str, Series], int], count: int) -> Standing:
        """How far the day has come, for the instruments at these places."""
        totals, oi = np.full(count, -1, dtype=np.int64), np.full(count, -1, dtype=np.int64)
        ends = self.ends(BARS)
        bars = self.read(BARS)
        for row in _newest(bars) if bars is not None else ():
            series = Series(row["kind"], row["expiry"], row["strike"])
            place = contracts.get((row["underlying"], series))
            if place is not None:
                totals[place], oi[place] = row["total_last"], row["oi_last"]
        return Standing(totals, oi, max(ends, default=0), max(self.ends(CHAIN), default=0))


def _newest(bars: pa.Table) -> list[dict[str, Any]]:
    """The last bar of each instrument."""
    grouped = bars.sort_by("ts").group_by(["underlying", "kind", "expiry", "strike"], use_threads=False)
    rows: list[dict[str, Any]] = grouped.aggregate([("total", "last"), ("oi", "last")]).to_pylist()
    return rows

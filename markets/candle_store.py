"""Candles on disk: Parquet by exchange, underlying, interval and period, written whole or not at all.

    <var>/data/candles/<exchange>/<underlying>/<1m|3m|5m|15m|30m|60m|day>/<2024-01-10|2024-01|2024>.parquet

Bars up to five minutes have a file per day, longer ones per month, daily ones per year. A row is one bar of
one contract: `ts` (UTC, start of the bar), `kind`, `expiry`, `strike` (paise), prices in int32 paise, volume
and open interest in units. Rows are sorted by contract and time, so one contract is a short read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from numpy.typing import NDArray

from markets.domain.bars import Bars, Interval
from qlplatform.core.clock import IST
from qlplatform.core.errors import OperatorError
from qlplatform.launcher.locks import locked

Ints = NDArray[np.int64]

SCHEMA = pa.schema(
    [
        ("ts", pa.timestamp("us", tz="UTC")),
        ("kind", pa.string()),
        ("expiry", pa.date32()),
        ("strike", pa.int64()),
        ("open", pa.int32()),
        ("high", pa.int32()),
        ("low", pa.int32()),
        ("close", pa.int32()),
        ("volume", pa.int64()),
        ("oi", pa.int64()),
    ]
)
PRICES = ("open", "high", "low", "close")
KINDS = pa.array(["INDEX", "EQ", "FUT", "CE", "PE"])
DELTA = {name: "DELTA_BINARY_PACKED" for name in ("ts", "strike", *PRICES, "volume", "oi")}
ROW_GROUP = 1 << 15
BY_DAY, BY_MONTH = 5, 60  # longest interval in minutes that has a file per day, per month


class Series(NamedTuple):
    """What names a line of candles of an underlying: INDEX, EQ, FUT, CE or PE, expiry, strike in paise."""

    kind: str
    expiry: date | None = None
    strike_paise: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What an `append` did: rows that were new, rows of a contract and time already there or given twice."""

    added: int
    replaced: int


class CandleStore:
    """The candles below a folder. Times in and out are aware; a range includes its start, not its end."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, exchange: str, underlying: str, interval: Interval) -> Path:
        """Where an interval of an underlying lies."""
        return self.root / exchange / underlying / _label(interval)

    def append(self, exchange: str, underlying: str, interval: Interval, rows: pa.Table) -> Written:
        """Add rows (of SCHEMA, any order). A row of a contract and time that is there already replaces it, so
        the same rows twice change nothing.
        """
        folder = self.folder(exchange, underlying, interval)
        folder.mkdir(parents=True, exist_ok=True)
        added = 0
        rows = rows.select(SCHEMA.names).cast(SCHEMA)
        periods = _periods(rows, interval)
        with locked(folder / ".lock"):
            for period in np.unique(periods).tolist():
                path = folder / f"{period}.parquet"
                new, before = rows.filter(pa.array(periods == period)), _read(path)
                merged = _merged(before, new)
                _write(path, merged)
                added += merged.num_rows - before.num_rows
        return Written(added, rows.num_rows - added)

    def read(
        self,
        exchange: str,
        underlying: str,
        interval: Interval,
        start: datetime,
        end: datetime,
        series: Series | None = None,
    ) -> pa.Table:
        """The rows of a range, of one contract or of all, by contract and time."""
        folder = self.folder(exchange, underlying, interval)
        wanted = (pc.field("ts") >= start) & (pc.field("ts") < end)
        if series is not None:
            wanted &= _is(series)
        first, last = (_period(at.astimezone(IST).date(), interval) for at in (start, end))
        paths = [path for path in sorted(folder.glob("[0-9]*.parquet")) if first <= path.stem <= last]
        parts = [_read(path, wanted) for path in paths]
        return pa.concat_tables(parts) if parts else SCHEMA.empty_table()

    def days(self, exchange: str, underlying: str, interval: Interval) -> tuple[date, ...]:
        """The days (IST) there are bars of, ascending."""
        folder = self.folder(exchange, underlying, interval)
        found: set[date] = set()
        for path in folder.glob("[0-9]*.parquet"):
            if len(path.stem) == len("2024-01-10"):
                found.add(date.fromisoformat(path.stem))
            else:
                found |= set(_ist_days(_read(path)).to_pylist())
        return tuple(sorted(found))

    def intervals(self, exchange: str, underlying: str) -> tuple[Interval, ...]:
        """The intervals there are bars of, shortest first."""
        folder = self.root / exchange / underlying
        found = [_interval(path.name) for path in folder.glob("*") if any(path.glob("[0-9]*.parquet"))]
        return tuple(sorted(found, key=lambda each: 10_000 if each == "day" else each))


def candle_store() -> CandleStore:
    """The installation's store."""
    return CandleStore(Path(settings.VAR_DIR) / "data" / "candles")


def rows_of(bars: Bars, series: list[Series]) -> pa.Table:
    """Bars as rows of the store; `bars.key` counts in `series`."""
    kinds = pa.array([each.kind for each in series], pa.string())
    expiries = pa.array([each.expiry for each in series], pa.date32())
    strikes = pa.array([each.strike_paise for each in series], pa.int64())
    place = pa.array(bars.key)
    columns = {
        "ts": pa.array(bars.ts_us).cast(pa.timestamp("us", tz="UTC")),
        "kind": kinds.take(place),
        "expiry": expiries.take(place),
        "strike": strikes.take(place),
    }
    columns |= {name: pa.array(getattr(bars, name)) for name in (*PRICES, "volume", "oi")}
    return pa.table(columns).cast(SCHEMA)


def bars_of(rows: pa.Table, interval: Interval) -> tuple[Bars, list[Series]]:
    """Rows of the store as bars, and the series their keys count in."""
    named = [rows["kind"], rows["expiry"].cast(pa.string()), rows["strike"].cast(pa.string())]
    joined = pc.binary_join_element_wise(*named, " ", null_handling="replace", null_replacement="")
    key = joined.combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    _, first = np.unique(key, return_index=True)
    names = rows.select(["kind", "expiry", "strike"]).take(pa.array(first)).to_pylist()
    ts = rows["ts"].cast(pa.int64()).to_numpy()
    prices = [rows[name].to_numpy().astype(np.int64) for name in PRICES]
    volume, oi = rows["volume"].to_numpy(), rows["oi"].to_numpy()
    untold = np.full(len(ts), -1, dtype=np.int64)
    bars = Bars(interval, key, ts, prices[0], prices[1], prices[2], prices[3], volume, oi, untold)
    return bars, [Series(each["kind"], each["expiry"], each["strike"]) for each in names]


def _label(interval: Interval) -> str:
    return "day" if interval == "day" else f"{interval}m"


def _interval(label: str) -> Interval:
    return "day" if label == "day" else int(label.removesuffix("m"))


def _period(day: date, interval: Interval) -> str:
    if interval == "day":
        return f"{day:%Y}"
    return f"{day:%Y-%m-%d}" if interval <= BY_DAY else f"{day:%Y-%m}"


def _ist_days(rows: pa.Table) -> pa.ChunkedArray:
    local = pc.local_timestamp(rows["ts"].cast(pa.timestamp("us", tz=str(IST))))
    return pc.unique(local.cast(pa.date32(), safe=False))


def _periods(rows: pa.Table, interval: Interval) -> NDArray[np.str_]:
    """The period of each row."""
    local = pc.local_timestamp(rows["ts"].cast(pa.timestamp("us", tz=str(IST))))
    days = local.cast(pa.date32(), safe=False).combine_chunks().dictionary_encode()
    names = np.array([_period(day, interval) for day in days.dictionary.to_pylist()], dtype="U10")
    return names[days.indices.to_numpy()]


def _is(series: Series) -> pc.Expression:
    wanted = pc.field("kind") == series.kind
    if series.expiry is not None:
        wanted &= pc.field("expiry") == series.expiry
    if series.strike_paise is not None:
        wanted &= pc.field("strike") == series.strike_paise
    return wanted


def _read(path: Path, wanted: pc.Expression | None = None) -> pa.Table:
    if not path.exists():
        return SCHEMA.empty_table()
    try:
        return pq.read_table(path, filters=wanted, schema=SCHEMA)
    except (pa.ArrowException, OSError) as error:
        raise OperatorError(
            f"{path} is damaged: {error}. Move it away and fill the gap with `manage.py candles backfill`.",
            code="candles_damaged",
        ) from error


def _merged(before: pa.Table, new: pa.Table) -> pa.Table:
    """Both by contract and time, the new row where both have one."""
    both = pa.concat_tables([new, before]).combine_chunks()
    keys = _keys(both)
    order = np.lexsort((np.arange(both.num_rows), *reversed(keys)))
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for column in keys:
        same &= column[order][1:] == column[order][:-1]
    first = order[np.append(True, ~same)] if len(order) else order
    return both.take(pa.array(first))


def _keys(rows: pa.Table) -> tuple[Ints, ...]:
    kind = pc.fill_null(pc.index_in(rows["kind"], value_set=KINDS), len(KINDS))
    expiry = pc.fill_null(rows["expiry"].cast(pa.int32()), 0)
    strike, ts = pc.fill_null(rows["strike"], 0), rows["ts"].cast(pa.int64())
    expiry_strike_kind_ts = (expiry, strike, kind, ts)
    return tuple(column.to_numpy().astype(np.int64) for column in expiry_strike_kind_ts)


def _write(path: Path, rows: pa.Table) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        pq.write_table(
            rows,
            part,
            compression="zstd",
            row_group_size=ROW_GROUP,
            use_dictionary=["kind", "expiry"],
            column_encoding=DELTA,
        )
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

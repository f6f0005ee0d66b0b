"""Filling the candle store from files of bars: what is usable goes in, the rest is counted by reason."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from markets.candle_store import SCHEMA, CandleStore, Series, Written, candle_store
from markets.domain.bars import INTERVALS, MINUTE_US, DayGrid, Interval
from markets.domain.sessions import to_paise
from markets.models import Instrument
from markets.selectors import calendar_of, contract_facts
from markets.session_files import SessionDataError
from markets.session_import.chain import DAY_US, EPOCH_DAY, floats_of, micros_of, of_underlying
from markets.session_import.inputs import inputs_of
from qlplatform.core.errors import UserError

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NAME = re.compile(r"[A-Z0-9][A-Z0-9&-]{0,23}")
IST_OFFSET_US = 19_800_000_000
PRICES = ("open", "high", "low", "close")
NEIGHBOUR = timedelta(days=45)
UNIT_RATIO = 20  # prices in paise, or rupees where paise stood, are a hundredfold


@dataclass(slots=True)
class _Rows:
    """Bars of a file: time (µs of naive IST), contract columns, prices in paise, volume, open interest."""

    ts: Ints
    kind: NDArray[np.str_]
    expiry: Ints
    strike: Ints
    prices: dict[str, Ints]
    volume: Ints
    oi: Ints
    dropped: Counter[str] = field(default_factory=Counter)

    def keep(self, mask: Mask, reason: str) -> None:
        if left_out := int(len(mask) - np.count_nonzero(mask)):
            self.dropped[reason] += left_out
            self.take(np.flatnonzero(mask))

    def take(self, rows: Ints) -> None:
        for name in ("ts", "kind", "expiry", "strike", "volume", "oi"):
            setattr(self, name, getattr(self, name)[rows])
        self.prices = {name: column[rows] for name, column in self.prices.items()}


@dataclass(frozen=True, slots=True)
class Filled:
    """What a file brought. `dropped`: rows left out by reason. `unsorted` rows stood behind a later one and
    were put in order, `widened` bars had a high or low inside open and close: both went in.
    """

    file: str
    interval: Interval
    days: int
    written: Written
    dropped: dict[str, int]
    unsorted: int
    widened: int


def candles_backfill(path: Path, underlying: str, interval: Interval | None = None) -> list[Filled]:
    """Put the bars of a file (Parquet, CSV, .zst, zip) into the store: `ts` (or `date`), `open, high, low,
    close` in rupees, optional `volume, oi, symbol`; with `expiry, strike, right` they are of options, else of
    the index. The interval is the commonest gap unless told.

    Raises SessionDataError `unreadable_file`, `wrong_columns`, `bad_interval`, `wrong_units`; UserError
    `bad_name`.
    """
    underlying = underlying.upper()
    if not NAME.fullmatch(underlying):
        raise UserError(f"“{underlying}” is no underlying.", code="bad_name")
    return [_fill(source.table(), source.name, underlying, interval) for source in inputs_of([path])]


def _fill(table: pa.Table, name: str, underlying: str, interval: Interval | None) -> Filled:
    mine = of_underlying(table, underlying)
    rows = _rows(table.filter(pa.array(mine)), name)
    rows.dropped["other_underlying"] += int(np.count_nonzero(~mine))
    bar = interval or _interval_of(rows.ts, name)
    unsorted = int(np.count_nonzero(np.diff(rows.ts) < 0))
    rows.take(np.lexsort((rows.ts, rows.kind, rows.strike, rows.expiry)))
    _check(rows, underlying, bar)
    widened = _widen(rows)
    store, exchange = candle_store(), contract_facts().exchange(underlying)
    _refuse_wrong_unit(store, exchange, underlying, bar, rows, name)
    days = len(np.unique(rows.ts // DAY_US))
    written = store.append(exchange, underlying, bar, _table(rows))
    return Filled(name, bar, days, written, dict(+rows.dropped), unsorted, widened)


def _rows(table: pa.Table, name: str) -> _Rows:
    stamp = "ts" if "ts" in table.column_names else "date"
    if missing := [each for each in (stamp, *PRICES) if each not in table.column_names]:
        raise SessionDataError(
            f"{name} lacks the columns {', '.join(missing)}.",
            code="wrong_columns",
            file=name,
            missing=missing,
        )
    count = table.num_rows
    of_options = {"expiry", "strike", "right"} <= set(table.column_names)
    kind = table["right"].to_pylist() if of_options else [Instrument.Kind.INDEX.value] * count
    zeros = np.zeros(count, dtype=np.int64)
    return _Rows(
        ts=micros_of(table, stamp, name),
        kind=np.array(kind, dtype="U5"),
        expiry=micros_of(table, "expiry", name) // DAY_US if of_options else zeros,
        strike=to_paise(floats_of(table, "strike", name)) if of_options else zeros,
        prices={each: to_paise(floats_of(table, each, name)) for each in PRICES},
        volume=_counts(table, "volume", name),
        oi=_counts(table, "oi", name),
    )


def _counts(table: pa.Table, column: str, name: str) -> Ints:
    return np.nan_to_num(np.maximum(floats_of(table, column, name), 0), nan=0.0).astype(np.int64)


def _interval_of(ts: Ints, name: str) -> Interval:
    """The commonest gap inside days; a day when every day has one bar."""
    stamps = np.unique(ts)
    gaps = np.diff(stamps)
    inner = gaps[stamps[1:] // DAY_US == stamps[:-1] // DAY_US]
    if not len(inner):
        return "day"
    values, counts = np.unique(inner, return_counts=True)
    minutes = int(values[np.argmax(counts)]) // MINUTE_US
    if minutes not in INTERVALS:
        raise SessionDataError(
            f"The bars of {name} are {minutes} minutes long; the store keeps 1, 3, 5, 15, 30, 60 and days.",
            code="bad_interval",
            file=name,
        )
    return minutes


def _check(rows: _Rows, underlying: str, interval: Interval) -> None:
    """Leave out what is no bar of a trading day, counted by reason."""
    rows.keep(np.logical_and.reduce([rows.prices[each] > 0 for each in PRICES]), "bad_price")
    options = rows.kind != "INDEX"
    rows.keep(
        ~options | (np.isin(rows.kind, ("CE", "PE")) & (rows.strike > 0) & (rows.expiry > 0)), "bad_contract"
    )
    calendar = calendar_of(underlying)
    codes = np.zeros(len(rows.ts), dtype=np.int64)
    days = rows.ts // DAY_US
    for number in np.unique(days).tolist():
        day, mine = EPOCH_DAY + timedelta(days=number), days == number
        hours = calendar.session(day)
        if hours is None:
            codes[mine] = 2 if calendar.confirmed_year(day.year) else 3
        elif interval == "day":
            rows.ts[mine] = DayGrid(hours).open_us + IST_OFFSET_US
        else:
            grid = DayGrid(hours)
            at = rows.ts[mine] - IST_OFFSET_US
            off_grid = ~np.isin(at, grid.slots(interval).start_us)
            codes[mine] = np.where(grid.minute_of(at) < 0, 1, np.where(off_grid, 4, 0))
    reasons = ("outside_session", "not_a_trading_day", "calendar_unknown", "off_grid")
    for code, reason in enumerate(reasons, start=1):
        kept = codes != code
        rows.keep(kept, reason)
        codes = codes[kept]
    again = np.zeros(len(rows.ts), dtype=bool)
    again[1:] = np.logical_and.reduce(
        [column[1:] == column[:-1] for column in (rows.ts, rows.kind, rows.strike, rows.expiry)]
    )
    rows.keep(~again, "duplicates")


def _widen(rows: _Rows) -> int:
    """Let high and low enclose open and close; how many bars did not."""
    top = np.maximum.reduce([rows.prices[each] for each in PRICES])
    bottom = np.minimum.reduce([rows.prices[each] for each in PRICES])
    wrong = (top != rows.prices["high"]) | (bottom != rows.prices["low"])
    rows.prices["high"], rows.prices["low"] = top, bottom
    return int(np.count_nonzero(wrong))


def _refuse_wrong_unit(
    store: CandleStore, exchange: str, underlying: str, interval: Interval, rows: _Rows, name: str
) -> None:
    """Index prices a hundredfold off those of the days around are paise taken for rupees, or the like."""
    index = rows.kind == "INDEX"
    if not index.any():
        return
    ts = rows.ts[index]
    around = [
        datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(at) - IST_OFFSET_US)
        for at in (ts[0], ts[-1])
    ]
    known = store.read(
        exchange, underlying, interval, around[0] - NEIGHBOUR, around[1] + NEIGHBOUR, Series("INDEX")
    )
    if not known.num_rows:
        return
    ratio = float(np.median(rows.prices["close"][index])) / float(np.median(known["close"].to_numpy()))
    if not 1 / UNIT_RATIO < ratio < UNIT_RATIO:
        raise SessionDataError(
            f"The prices of {name} are {ratio:.3g} times those known of {underlying} around these days: are "
            "they in rupees? Nothing was stored.",
            code="wrong_units",
            file=name,
        )


def _table(rows: _Rows) -> pa.Table:
    options = rows.kind != "INDEX"
    expiry = pa.array(rows.expiry.astype(np.int32), pa.int32(), mask=~options).cast(pa.date32())
    columns = {
        "ts": pa.array(rows.ts - IST_OFFSET_US).cast(pa.timestamp("us", tz="UTC")),
        "kind": pa.array(rows.kind.astype(object), pa.string()),
        "expiry": expiry,
        "strike": pa.array(rows.strike, pa.int64(), mask=~options),
        "volume": pa.array(rows.volume),
        "oi": pa.array(rows.oi),
    }
    columns |= {each: pa.array(rows.prices[each]) for each in PRICES}
    return pa.table(columns).select(SCHEMA.names).cast(SCHEMA)

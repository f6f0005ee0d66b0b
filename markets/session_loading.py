"""Loading a recorded day from Parquet.

Options file: `ts, expiry, strike, right, close` (optional `open, high, low, volume, oi, oi_chg, bid, ask,
bid_qty, ask_qty`; others are ignored); a future has `right` FUT and strike 0 or none. Index file: `ts, spot`
(alias `nifty`), optional `vix` and `open, high, low`. Times are IST. Prices and strikes are rupees,
quantities units.

In a file of bars, the ordinary kind, `ts` marks the start of a bar, whose length is the commonest gap of `ts`
on that day. Files written by the platform say in their metadata (`ql.kind`) when their rows are snapshots of
a chain or ticks: then `ts` is the instant itself and the volume that of the day so far.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as pds

from markets.domain.calendar import DaySession
from markets.domain.sessions import BARS, SNAPSHOTS, TICKS, OptionalColumns, Session
from markets.selectors import calendar_of
from markets.session_files import (
    SessionDataError,
    dates_of,
    dates_text,
    no_data,
    open_parquet,
    read_day,
    require_columns,
)
from markets.session_index import BAR_COLUMNS, IndexRows, index_rows
from markets.session_rows import Floats, OptionRows, commonest_gap, contract_of, numbers, option_rows
from qlplatform.core.clock import IST

REQUIRED = ("ts", "expiry", "strike", "right", "close")
OPTIONAL = ("open", "high", "low", "volume", "oi", "oi_chg", "bid", "ask", "bid_qty", "ask_qty")
SPOT_ALIAS = "nifty"
KIND = b"ql.kind"
IST_EPOCH = datetime(1970, 1, 1, tzinfo=IST).astimezone(UTC)
MICROSECOND = timedelta(microseconds=1)


def kind_of(data: pds.Dataset) -> str:
    """What the rows of an options file are: BARS, SNAPSHOTS or TICKS (then it has none)."""
    kind = (data.schema.metadata or {}).get(KIND, b"").decode()
    return kind if kind in (SNAPSHOTS, TICKS) else BARS


def load_session(*, options: Path, index: Path, day: date, underlying: str) -> Session:
    """The session of `day` from an options and an index file.

    Raises SessionDataError: `unreadable_file`, `wrong_columns`, `wrong_right`, `not_a_trading_day`,
    `no_data_for_date`, `index_too_coarse`. Rows that cannot be used are left out and counted in the session's
    `warnings`.
    """
    option_data, index_data = open_parquet(options), open_parquet(index)
    require_columns(option_data, options, REQUIRED)
    spot, kind = _spot_column(index_data, index), kind_of(option_data)
    hours = _hours(index_data if kind == TICKS else option_data, options, day, underlying)
    extra = tuple(name for name in OPTIONAL if name in option_data.schema.names)
    table = read_day(option_data, options, day, (*REQUIRED, *extra), may_be_empty=kind == TICKS)
    rows = option_rows(table, options, hours, snapshots=kind == SNAPSHOTS)
    if len(rows.ts) == 0 and kind != TICKS:
        no_data(options, day, dates_of(option_data))
    bar = commonest_gap(rows.ts) if kind == BARS else 0
    wanted = [name for name in ("ts", spot, "vix", *BAR_COLUMNS) if name in index_data.schema.names]
    quotes = index_rows(read_day(index_data, index, day, wanted), index, spot, hours, bar)
    columns = _lazy(table, options, extra)
    return _assemble(day, underlying, rows, quotes, columns, kind=kind, bar=bar)


def _spot_column(data: pds.Dataset, path: Path) -> str:
    spot = SPOT_ALIAS if SPOT_ALIAS in data.schema.names and "spot" not in data.schema.names else "spot"
    require_columns(data, path, ("ts", spot))
    return spot


def _hours(data: pds.Dataset, path: Path, day: date, underlying: str) -> DaySession:
    days = calendar_of(underlying)
    days.require_year(day.year)
    hours = days.session(day)
    if hours is None:
        why = days.holiday_name(day) or f"{day:%A}"
        raise SessionDataError(
            f"The exchange did not trade on {day.isoformat()} ({why}). "
            f"{path.name} has {dates_text(dates_of(data))}.",
            code="not_a_trading_day",
            file=str(path),
            date=day.isoformat(),
        )
    return hours


def _lazy(table: pa.Table, path: Path, columns: tuple[str, ...]) -> dict[str, Callable[[], Floats]]:
    """The optional columns, each converted only when somebody asks for it."""
    return {name: partial(numbers, table, path, name) for name in columns}


def _assemble(
    day: date,
    underlying: str,
    rows: OptionRows,
    quotes: IndexRows,
    columns: dict[str, Callable[[], Floats]],
    *,
    kind: str,
    bar: int,
) -> Session:
    stamps = np.union1d(rows.ts, quotes.ts)
    codes, contract = np.unique(rows.code, return_inverse=True)
    cell, first = np.unique(np.searchsorted(stamps, rows.ts) * len(codes) + contract, return_index=True)
    if repeated := len(rows.ts) - len(first):
        rows.warnings["duplicates"] += repeated
    shape = (len(stamps), len(codes))
    prices = np.zeros(shape, dtype=np.int32)
    prices.flat[cell] = rows.paise[first]
    spot, vix = quotes.on(stamps)
    return Session(
        day=day,
        underlying=underlying,
        bar=bar * MICROSECOND,
        contracts=tuple(contract_of(code) for code in codes.tolist()),
        times=tuple(IST_EPOCH + (stamp + bar) * MICROSECOND for stamp in stamps.tolist()),
        spot_paise=spot,
        vix=vix,
        prices=prices,
        warnings=dict(rows.warnings + quotes.warnings),
        optional=OptionalColumns(shape, cell, rows.row[first], columns),
        volume_is_total=kind == SNAPSHOTS,
        kind=kind,
        spot_ohlc=quotes.ohlc_on(stamps),
    )

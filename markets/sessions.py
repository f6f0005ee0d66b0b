"""Recorded sessions: loading a day from Parquet, and the sessions bundled with the project.

Options file: `ts, expiry, strike, right, close` (optional `open, high, low, volume, oi, bid, ask`; others are
ignored); index file: `ts, spot` (alias `nifty`), optional `vix`. Times are IST and mark the start of a bar;
the bar length is the commonest gap of `ts` on that day. Prices and strikes are rupees.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as pds
from django.conf import settings

from markets.domain.calendar import DaySession
from markets.domain.sessions import ContractKey, OptionalColumns, Session
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
from markets.session_rows import (
    Floats,
    IndexRows,
    OptionRows,
    commonest_gap,
    contract_of,
    index_rows,
    numbers,
    option_rows,
)
from qlplatform.core.clock import IST

__all__ = [
    "ContractKey",
    "Session",
    "SessionDataError",
    "SessionSource",
    "bundled_sources",
    "load_session",
    "session_source",
]

REQUIRED = ("ts", "expiry", "strike", "right", "close")
OPTIONAL = ("open", "high", "low", "volume", "oi", "bid", "ask")
SPOT_ALIAS = "nifty"
IST_EPOCH = datetime(1970, 1, 1, tzinfo=IST).astimezone(UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class SessionSource:
    """A stored set of recorded sessions of one underlying."""

    name: str
    underlying: str
    options: Path
    index: Path
    days: tuple[date, ...]

    def load(self, day: date) -> Session:
        """One of its days."""
        return load_session(options=self.options, index=self.index, day=day, underlying=self.underlying)


@cache
def bundled_sources() -> dict[str, SessionSource]:
    """The session sets that ship with the project, by name; a folder `nifty_2022-06` holds NIFTY's."""
    folders = sorted(
        path.parent for path in (Path(settings.BASE_DIR) / "data" / "sessions").glob("*/options.parquet")
    )
    return {folder.name: _source(folder) for folder in folders}


def _source(folder: Path) -> SessionSource:
    return session_source(
        name=folder.name,
        underlying=folder.name.split("_")[0].upper(),
        options=folder / "options.parquet",
        index=folder / "index.parquet",
    )


def session_source(*, name: str, underlying: str, options: Path, index: Path) -> SessionSource:
    """A set of one's own files; its days are those of the options file. Raises SessionDataError for unusable
    files.
    """
    data = open_parquet(options)
    require_columns(data, options, REQUIRED)
    return SessionSource(name, underlying, options, index, dates_of(data))


def load_session(*, options: Path, index: Path, day: date, underlying: str) -> Session:
    """The session of `day` from an options and an index file.

    Raises SessionDataError: `unreadable_file`, `wrong_columns`, `wrong_right`, `not_a_trading_day`,
    `no_data_for_date`, `index_too_coarse`. Rows that cannot be used are left out and counted in the session's
    `warnings`.
    """
    option_data, index_data = open_parquet(options), open_parquet(index)
    require_columns(option_data, options, REQUIRED)
    spot = _spot_column(index_data, index)
    hours = _hours(option_data, options, day, underlying)
    extra = tuple(name for name in OPTIONAL if name in option_data.schema.names)
    table = read_day(option_data, options, day, (*REQUIRED, *extra))
    rows = option_rows(table, options, hours)
    if len(rows.ts) == 0:
        no_data(options, day, dates_of(option_data))
    bar = commonest_gap(rows.ts)
    wanted = [name for name in ("ts", spot, "vix") if name in index_data.schema.names]
    quotes = index_rows(read_day(index_data, index, day, wanted), index, spot, hours, bar)
    return _assemble(day, underlying, bar, rows, quotes, _lazy(table, options, extra))


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
    bar: int,
    rows: OptionRows,
    quotes: IndexRows,
    columns: dict[str, Callable[[], Floats]],
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
    )

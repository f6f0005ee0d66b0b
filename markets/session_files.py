"""Reading recorded sessions from Parquet: columns by name, one day at a time, errors that name file and
column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as pds

from qlplatform.core.clock import IST
from qlplatform.core.errors import UserError

TS = pa.timestamp("us")
MOST_DATES_TOLD = 31


class SessionDataError(UserError):
    """A session file that cannot be used; the message names the file, what was expected and what is there."""

    default_code = "session_data"


def open_parquet(path: Path) -> pds.Dataset:
    """The file's dataset; SessionDataError `unreadable_file` when it is missing or is no Parquet."""
    if not path.is_file():
        raise SessionDataError(f"There is no file {path}.", code="unreadable_file", file=str(path))
    try:
        return pds.dataset(path, format="parquet")
    except (pa.ArrowException, OSError) as error:
        raise SessionDataError(
            f"{path} is not a readable Parquet file.",
            code="unreadable_file",
            file=str(path),
            reason=str(error),
        ) from error


def require_columns(data: pds.Dataset, path: Path, required: Collection[str]) -> None:
    """Raise `wrong_columns` unless every required column is there and `ts` holds timestamps."""
    missing = [name for name in required if name not in data.schema.names]
    if missing:
        raise SessionDataError(
            f"{path.name} lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}; it needs "
            f"{', '.join(required)} and has {', '.join(data.schema.names) or 'none'}.",
            code="wrong_columns",
            file=str(path),
            missing=missing,
        )
    found = data.schema.field("ts").type
    if not pa.types.is_timestamp(found):
        wrong_type(path, "ts", "timestamps in IST", str(found))


def wrong_type(path: Path, column: str, expected: str, found: str) -> NoReturn:
    """Raise `wrong_columns` for a column that holds something else."""
    raise SessionDataError(
        f"Column {column} of {path.name} must hold {expected}; it holds {found}.",
        code="wrong_columns",
        file=str(path),
        column=column,
    )


def read_day(
    data: pds.Dataset, path: Path, day: date, columns: Iterable[str], *, may_be_empty: bool = False
) -> pa.Table:
    """The rows of one IST day, `ts` as naive IST; SessionDataError `no_data_for_date` names the dates there
    are.
    """
    kind = data.schema.field("ts").type
    start = datetime(day.year, day.month, day.day, tzinfo=IST if kind.tz else None)  # noqa: DTZ001
    lowest, end = (pa.scalar(edge, type=kind) for edge in (start, start + timedelta(days=1)))
    try:
        table = data.to_table(
            columns=list(columns), filter=(pc.field("ts") >= lowest) & (pc.field("ts") < end)
        )
    except pa.ArrowException as error:
        raise SessionDataError(
            f"{path} is damaged: its rows cannot be read.",
            code="unreadable_file",
            file=str(path),
            reason=str(error),
        ) from error
    if table.num_rows == 0 and not may_be_empty:
        no_data(path, day, dates_of(data))
    return table.set_column(table.column_names.index("ts"), "ts", naive_ist(table["ts"]))


def dates_of(data: pds.Dataset) -> tuple[date, ...]:
    """Every IST date the file has rows of, ascending."""
    days = naive_ist(data.to_table(columns=["ts"])["ts"]).cast(pa.date32(), safe=False)
    return tuple(sorted(day for day in pc.unique(days).to_pylist() if day is not None))


def no_data(path: Path, day: date, dates: tuple[date, ...]) -> NoReturn:
    """Raise `no_data_for_date`."""
    raise SessionDataError(
        f"{path.name} has no rows of {day.isoformat()}; it has {dates_text(dates)}.",
        code="no_data_for_date",
        file=str(path),
        date=day.isoformat(),
        dates=[d.isoformat() for d in dates],
    )


def dates_text(dates: tuple[date, ...]) -> str:
    """Up to a month of dates, else how many and from when to when."""
    if not dates:
        return "no dated rows at all"
    if len(dates) <= MOST_DATES_TOLD:
        return ", ".join(day.isoformat() for day in dates)
    return f"{len(dates)} dates from {dates[0].isoformat()} to {dates[-1].isoformat()}"


def naive_ist(stamps: pa.ChunkedArray) -> pa.ChunkedArray:
    """Timestamps as the wall clock in India reads them: aware ones converted, naive ones kept."""
    if stamps.type.tz:
        stamps = pc.local_timestamp(stamps.cast(pa.timestamp(stamps.type.unit, tz=str(IST))))
    return stamps.cast(TS, safe=False)

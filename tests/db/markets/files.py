"""Small session files as tests need them: one option row each, written as Parquet."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

EXPIRY = date(2022, 6, 9)


def at(text: str) -> datetime:
    """A time of 8 June 2022, naive IST as in the files: at("09:15")."""
    return datetime.fromisoformat(f"2022-06-08T{text}:00" if len(text) == 5 else text)


def option(
    time: str, close: float | None, strike: float = 16_500, right: str | None = "CE", **more: Any
) -> dict[str, Any]:
    return {"ts": at(time), "expiry": EXPIRY, "strike": strike, "right": right, "close": close, **more}


def write_options(
    folder: Path, rows: list[dict[str, Any]], name: str = "options.parquet", **types: pa.DataType
) -> Path:
    """The options file; `types` overrides the type of a column."""
    return _write(folder / name, rows, types)


def write_index(
    folder: Path, rows: list[tuple[str, float | None]], column: str = "spot", **types: pa.DataType
) -> Path:
    """The index file with its times and closes."""
    return _write(folder / "index.parquet", [{"ts": at(time), column: close} for time, close in rows], types)


def _write(path: Path, rows: list[dict[str, Any]], types: dict[str, pa.DataType]) -> Path:
    columns = {name: [row.get(name) for row in rows] for name in rows[0]}
    pq.write_table(
        pa.table({name: pa.array(values, types.get(name)) for name, values in columns.items()}), path
    )
    return path

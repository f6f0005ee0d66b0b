"""Writing a session set: all of it or nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from markets.session_loading import KIND
from markets.sessions import INDEX, MANIFEST, OPTIONS

ROW_GROUP = 1 << 16  # a reader of one day skips the others' groups


def set_write(
    folder: Path, *, options: Iterable[pa.Table], index: pa.Table, manifest: Mapping[str, Any]
) -> None:
    """Write the files of a set into `folder`, replacing a set that is there. A reader sees the old or the new
    one. `options` come in order of time, in as many pieces as suits.
    """
    made = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    gone = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    for leftover in (made, gone):
        shutil.rmtree(leftover, ignore_errors=True)
    made.mkdir(parents=True)
    try:
        parquet_write(made / OPTIONS, options, kind=manifest["kind"])
        parquet_write(made / INDEX, [index])
        (made / MANIFEST).write_text(json.dumps(manifest, indent=1, default=str) + "\n")
        if folder.exists():
            folder.rename(gone)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(gone, ignore_errors=True)


def parquet_write(path: Path, tables: Iterable[pa.Table], *, kind: str = "") -> None:
    """One file of tables of one schema, the kind of its rows in its metadata; whole on the disk or not there.
    ValueError for no table.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    writer: pq.ParquetWriter | None = None
    try:
        for table in tables:
            named = table.replace_schema_metadata({KIND: kind.encode()} if kind else None)
            writer = writer or pq.ParquetWriter(part, named.schema, compression="zstd")
            writer.write_table(named, row_group_size=ROW_GROUP)
        if writer is None:
            raise ValueError(f"nothing to write into {path}")
        writer.close()
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def index_table(
    ts: NDArray[np.int64], price: NDArray[np.float64], vix: NDArray[np.float64] | None
) -> pa.Table:
    """The rows of the index as its file holds them."""
    columns = {
        "ts": pa.array(ts, pa.timestamp("us")),
        "spot": pa.array(np.round(price, 2), pa.float64(), from_pandas=True),
    }
    if vix is not None:
        columns["vix"] = pa.array(vix, pa.float64(), from_pandas=True)
    return pa.table(columns)

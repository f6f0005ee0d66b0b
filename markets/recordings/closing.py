"""A recorded day that is over: its parts become a session set that can be replayed, and candles."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import structlog

from markets.candle_store import SCHEMA, bars_of, candle_store, rows_of
from markets.domain.bars import DayGrid
from markets.domain.calendar import DaySession
from markets.domain.rollup import aggregate
from markets.domain.sessions import SNAPSHOTS
from markets.recordings.parts import BARS, CHAIN, INDEX, DayParts
from markets.selectors import calendar, contract_facts
from markets.session_import.writing import set_write
from markets.sessions import recordings_folder
from qlplatform.core.clock import IST, wall
from qlplatform.launcher.locks import locked

log = structlog.get_logger(__name__)

VERSION = 1
SETTLED = timedelta(minutes=10)  # after the close nothing of the day is written any more
CONTRACT = ("ts", "expiry", "strike", "right")


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What was recorded of an underlying on a day."""

    underlying: str
    hours: DaySession
    parts: DayParts
    index: pa.Table
    bars: pa.Table | None

    def chain(self) -> Iterator[pa.Table]:
        """Its option rows, part by part."""
        for part in self.parts.each(CHAIN):
            rows = _of(part, self.underlying)
            if rows.num_rows:
                yield rows.drop_columns(["underlying"])


def days_close(market: str = "live") -> list[date]:
    """Close every day whose session is over: those a crash left open, and today's after the close."""
    closed = []
    for folder in sorted((recordings_folder() / market / "parts").glob("20*")):
        day = date.fromisoformat(folder.name)
        hours = calendar().session(day)
        if hours is not None and wall() >= hours.close + SETTLED:
            day_close(market, hours)
            closed.append(day)
    return closed


def day_close(market: str, hours: DaySession) -> None:
    """Write the session set and the candles of a day from its parts, then remove these. May be repeated."""
    parts = DayParts(market, hours.open.astimezone(IST).date())
    if not parts.folder.exists():
        return
    with locked(parts.folder.with_name(f".{parts.folder.name}.lock")):
        if (bars := parts.read(BARS)) is not None:
            _store_candles(bars, hours)
        index = parts.read(INDEX)
        for underlying in _underlyings(parts):
            spots = _no_index() if index is None else _of(index, underlying).select(["ts", "spot", "vix"])
            mine = None if bars is None else _of(bars, underlying)
            _write_set(market, _Recorded(underlying, hours, parts, spots, mine))
        shutil.rmtree(parts.folder, ignore_errors=True)
    log.info("recording.closed", market=market, day=str(parts.day))


def _underlyings(parts: DayParts) -> list[str]:
    found: set[str] = set()
    for part in parts.each(CHAIN):
        found.update(pc.unique(part["underlying"]).to_pylist())
    return sorted(found)


def _of(rows: pa.Table, underlying: str) -> pa.Table:
    return rows.filter(pc.equal(rows["underlying"], underlying))


def _store_candles(bars: pa.Table, hours: DaySession) -> None:
    """The minutes as they are, and the day of each instrument."""
    store, facts = candle_store(), contract_facts()
    for underlying in sorted(pc.unique(bars["underlying"]).to_pylist()):
        exchange = facts.exchange(underlying)
        minutes = _of(bars, underlying).select(SCHEMA.names).cast(SCHEMA)
        store.append(exchange, underlying, 1, minutes)
        whole, series = bars_of(minutes, 1)
        store.append(exchange, underlying, "day", rows_of(aggregate(whole, "day", hours), series))


def _no_index() -> pa.Table:
    nothing = pa.array([], pa.float64())
    return pa.table({"ts": pa.array([], pa.timestamp("us")), "spot": nothing, "vix": nothing})


def _write_set(market: str, recorded: _Recorded) -> None:
    folder = recordings_folder() / market / recorded.underlying / recorded.parts.day.isoformat()
    set_write(folder, options=recorded.chain(), index=recorded.index, manifest=_manifest(recorded))


def _manifest(recorded: _Recorded) -> dict[str, Any]:
    stamps: set[datetime] = set()
    rows, columns = 0, list[str]()
    for part in recorded.chain():
        stamps.update(pc.unique(part["ts"]).to_pylist())
        rows, columns = rows + part.num_rows, part.column_names
    known = sorted(stamp.replace(tzinfo=IST) for stamp in stamps)
    return {
        "version": VERSION,
        "name": f"recorded_{recorded.underlying.lower()}",
        "underlying": recorded.underlying,
        "kind": SNAPSHOTS,
        "days": [recorded.parts.day.isoformat()],
        "events": len(known),
        "option_rows": rows,
        "index_rows": recorded.index.num_rows,
        "columns": [name for name in columns if name not in CONTRACT],
        "spot": "the index as it ticked",
        "first": known[0].isoformat(),
        "last": known[-1].isoformat(),
        "longest_gap_s": longest_gap(known, recorded.hours),
        "minutes": minutes_there(recorded.bars, recorded.hours),
        "minutes_expected": len(DayGrid(recorded.hours)),
        "recorded_at": wall().isoformat(),
    }


def minutes_there(bars: pa.Table | None, hours: DaySession) -> int:
    """In how many minutes of the day the index has a bar; any instrument, when there is no index."""
    if bars is None or not bars.num_rows:
        return 0
    index = bars.filter(pc.equal(bars["kind"], "INDEX"))
    ts = (index if index.num_rows else bars)["ts"].cast(pa.int64()).to_numpy()
    return int(np.count_nonzero(np.isin(DayGrid(hours).minutes.start_us, ts)))


def longest_gap(stamps: list[datetime], hours: DaySession) -> int:
    """Seconds of trading the longest that nothing was recorded, from the open to the close."""
    gaps = [0.0]
    for start, end in hours.sittings:
        inside = [start, *(stamp for stamp in stamps if start <= stamp <= end), end]
        gaps += [(b - a).total_seconds() for a, b in zip(inside, inside[1:], strict=False)]
    return round(max(gaps))

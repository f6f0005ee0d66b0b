"""Which layout a file has, and its rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from markets.selectors import contract_facts
from markets.session_files import SessionDataError
from markets.session_import.chain import (
    Chain,
    chain_of_page,
    chain_of_table,
    floats_of,
    micros_of,
    of_underlying,
)
from markets.session_import.inputs import Input, inputs_of
from markets.session_import.page import Page, page_text, parse_page
from markets.session_import.rows import OptionRows, rows_of_bars

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Tell = Callable[[str], None]

LAYOUTS = (
    "option bars (ts, expiry, strike, right, close), chain snapshots (ts or nse_ts, expiry, strike, ce_ltp, "
    "pe_ltp), "
    "index bars (ts, spot or nifty or close), index ticks (ts, symbol, ltp), the exchange's option-chain page"
)
TELL_EVERY = 25


@dataclass(slots=True)
class IndexPart:
    """Times (µs of naive IST) and prices of the index, VIX where known; `ticks`: instants, not bars."""

    ts: Ints
    price: Floats
    vix: Floats
    ticks: bool


@dataclass(slots=True)
class Collected:
    """Everything the files hold."""

    chains: list[Chain] = field(default_factory=list)
    bars: list[OptionRows] = field(default_factory=list)
    index: list[IndexPart] = field(default_factory=list)
    spots: list[IndexPart] = field(default_factory=list)  # that stood beside option bars
    files: list[dict[str, object]] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    notes: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user said about the files."""

    underlying: str
    day: date | None = None
    expiry: date | None = None


def collect(paths: Iterable[Path], asked: Asked, tell: Tell) -> Collected:
    """Read all files. Raises SessionDataError: `unreadable_file`, `unknown_layout`, `wrong_columns`,
    `stale_snapshots`, `day_unknown`, `time_unknown`.
    """
    found = Collected()
    for number, source in enumerate(inputs_of(paths), start=1):
        _take(found, source, asked)
        if number % TELL_EVERY == 0:
            tell(f"{number} files read")
    return found


def _take(found: Collected, source: Input, asked: Asked) -> None:
    data = source.read()
    found.files.append({"name": source.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    if not source.is_parquet and (page := parse_page(page_text(data))) is not None:
        found.chains.append(_page(page, source, asked, found.notes))
        return
    table = source.table()
    names = set(table.column_names)
    if {"strike", "ce_ltp", "pe_ltp", "expiry"} <= names and names & {"ts", "nse_ts"}:
        found.chains.append(chain_of_table(table, asked.underlying, source.name))
    elif {"ts", "expiry", "strike", "right", "close"} <= names:
        _bars(found, table, source.name, asked)
    elif {"ts", "ltp"} <= names:
        found.index.append(_index(found, table, source.name, asked, column="ltp"))
    elif "ts" in names and (column := _price_column(names)):
        found.index.append(_index(found, table, source.name, asked, column=column))
    else:
        _unknown(source.name, table.column_names)


def _price_column(names: set[str]) -> str | None:
    return next((name for name in ("spot", "nifty", "close") if name in names), None)


def _unknown(name: str, columns: list[str]) -> NoReturn:
    raise SessionDataError(
        f"{name} has the columns {', '.join(columns[:12])} and fits none of the layouts: {LAYOUTS}.",
        code="unknown_layout",
        file=name,
    )


def _page(page: Page, source: Input, asked: Asked, notes: set[str]) -> Chain:
    facts = source.facts
    day = asked.day or facts.day
    if day is None:
        raise SessionDataError(
            f"Nothing in the name of {source.name} or its folder tells the day; say it with --date.",
            code="day_unknown",
            file=source.name,
        )
    if facts.at is None:
        raise SessionDataError(
            f"The name of {source.name} does not tell the time it was taken; name it like chain_101500.csv.",
            code="time_unknown",
            file=source.name,
        )
    expiry = asked.expiry or facts.expiry
    if expiry is None:
        expiry = _nearest_expiry(asked.underlying, day)
        notes.add(f"the page does not tell its expiry: {expiry} is the nearest by the rules of that time")
    return chain_of_page(page, datetime.combine(day, facts.at), expiry)


def _nearest_expiry(underlying: str, day: date) -> date:
    facts = contract_facts()
    last = date(day.year + day.month // 10, (day.month + 2) % 12 + 1, 1)
    found = facts.expiries(underlying, day, last)
    if not found:
        raise SessionDataError(
            f"The expiries of {underlying} after {day} are not known; say --expiry.", code="expiry_unknown"
        )
    return found[0].on


def _bars(found: Collected, table: pa.Table, name: str, asked: Asked) -> None:
    table = _mine(found, table, asked)
    right = pc.fill_null(pc.utf8_upper(table["right"].cast(pa.string())), "")
    words = np.array(right.to_pylist(), dtype="U2")
    rows = rows_of_bars(table, name, words)
    rows.keep(np.isin(words, ("CE", "PE")), "bad_right")
    found.bars.append(rows)
    if "spot" in table.column_names:
        ts = micros_of(table, "ts", name)
        found.spots.append(
            IndexPart(ts, floats_of(table, "spot", name), np.full(len(ts), np.nan), ticks=False)
        )


def _index(found: Collected, table: pa.Table, name: str, asked: Asked, *, column: str) -> IndexPart:
    table = _mine(found, table, asked)
    return IndexPart(
        ts=micros_of(table, "ts", name),
        price=floats_of(table, column, name),
        vix=floats_of(table, "vix", name),
        ticks=column == "ltp",
    )


def _mine(found: Collected, table: pa.Table, asked: Asked) -> pa.Table:
    """The rows of the underlying, the others counted."""
    mask = of_underlying(table, asked.underlying)
    if not mask.all():
        found.dropped["other_underlying"] += int(np.count_nonzero(~mask))
        table = table.filter(pa.array(mask))
    return table

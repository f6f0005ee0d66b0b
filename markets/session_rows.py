"""Turning the rows of a day into arrays, leaving out what cannot be used and counting it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from markets.domain.calendar import DaySession
from markets.domain.sessions import FUT, ContractKey, to_paise
from markets.session_files import SessionDataError, naive_ist, wrong_type

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

OPTIONS = ("CE", "PE")
RIGHTS = (*OPTIONS, FUT)
RIGHTS_TOLD = "CE, PE or FUT"
STRIKE_BITS = 38
EPOCH_DAY = date(1970, 1, 1)
ONE_MINUTE_US = 60_000_000


@dataclass(slots=True)
class OptionRows:
    """Usable rows of a day's contracts: time (µs of naive IST), contract code, price in paise, row number in
    the file.
    """

    ts: Ints
    code: Ints
    paise: Ints
    row: Ints
    warnings: Counter[str] = field(default_factory=Counter)

    def keep(self, mask: NDArray[np.bool_], reason: str) -> None:
        """Drop the rows outside `mask` and count them under `reason`."""
        dropped = int(len(mask) - np.count_nonzero(mask))
        if dropped:
            self.warnings[reason] += dropped
            self.ts, self.code, self.paise, self.row = (
                self.ts[mask],
                self.code[mask],
                self.paise[mask],
                self.row[mask],
            )


def option_rows(table: pa.Table, path: Path, hours: DaySession, *, snapshots: bool = False) -> OptionRows:
    """The usable rows of a day; SessionDataError for a right that is none of CE, PE and FUT or columns of a
    wrong type.

    A future has no strike, whatever its row says. A row of a snapshot needs no last price while it brings a
    bid, an ask or open interest.
    """
    ts = stamps_us(table)
    rights, expiries = _right_codes(table, path), _expiry_days(table, path)
    future = rights == RIGHTS.index(FUT)
    strikes = np.where(future, 0, to_paise(numbers(table, path, "strike")))
    code = (expiries << (STRIKE_BITS + 1)) | (strikes << 1) | np.where(future, 0, rights)
    rows = OptionRows(ts, code, to_paise(numbers(table, path, "close")), np.arange(len(ts)))
    usable = (future | (strikes > 0)) & (expiries > 0)
    quoted = _quoted(table, path) if snapshots else np.zeros(len(ts), dtype=bool)
    rows.keep(inside(ts, hours, at_close=snapshots), "outside_session")
    rows.keep(usable[rows.row], "bad_contracts")
    rows.keep((rows.paise > 0) | quoted[rows.row], "bad_prices")
    return rows


def _quoted(table: pa.Table, path: Path) -> NDArray[np.bool_]:
    there = np.zeros(table.num_rows, dtype=bool)
    for name in ("bid", "ask", "oi"):
        if name in table.column_names:
            there |= numbers(table, path, name) > 0
    return there


def contract_of(code: int) -> ContractKey:
    """The contract a code stands for: without a strike it is a future. Codes sort as contracts do."""
    strike = (code >> 1) & ((1 << STRIKE_BITS) - 1)
    right = OPTIONS[code & 1] if strike else FUT
    return ContractKey(EPOCH_DAY + timedelta(days=code >> (STRIKE_BITS + 1)), strike, right)


def stamps_us(table: pa.Table) -> Ints:
    """`ts` as microseconds of naive IST since 1970."""
    stamps: Ints = table["ts"].cast(pa.int64()).to_numpy()
    return stamps


def numbers(table: pa.Table, path: Path, column: str) -> Floats:
    """A numeric column, NaN where empty."""
    kind = table[column].type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        wrong_type(path, column, "numbers", str(kind))
    values: Floats = table[column].cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values


def inside(ts: Ints, hours: DaySession, *, at_close: bool = False) -> NDArray[np.bool_]:
    """Which stamps lie within the trading hours, open included; the close only with `at_close`, which is for
    instants: no bar starts then.
    """
    mask = np.zeros(len(ts), dtype=bool)
    for start, end in hours.sittings:
        mask |= (ts >= naive_us(start)) & (ts < naive_us(end) + at_close)
    return mask


def naive_us(at: datetime) -> int:
    """The wall-clock reading of an IST time as microseconds since 1970."""
    return int(np.datetime64(at.replace(tzinfo=None), "us").astype(np.int64))


def commonest_gap(ts: Ints) -> int:
    """The bar length in µs: the commonest gap of distinct stamps, the smallest of equals; one minute for a
    lone stamp.
    """
    gaps, counts = np.unique(np.diff(np.unique(ts)), return_counts=True)
    return int(gaps[np.argmax(counts)]) if len(gaps) else ONE_MINUTE_US


def _expiry_days(table: pa.Table, path: Path) -> Ints:
    column = table["expiry"]
    try:
        dates = naive_ist(column) if pa.types.is_timestamp(column.type) else column
        days = dates.cast(pa.date32(), safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        wrong_type(path, "expiry", "dates", str(column.type))
    numbered: Ints = pc.fill_null(days.cast(pa.int32()), 0).to_numpy().astype(np.int64)
    return numbered


def _right_codes(table: pa.Table, path: Path) -> Ints:
    kind = table["right"].type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind)):
        wrong_type(path, "right", RIGHTS_TOLD, str(kind))
    encoded = table["right"].cast(pa.string()).combine_chunks().dictionary_encode()
    found = encoded.dictionary.to_pylist()
    if strange := sorted(str(value) for value in found if value not in RIGHTS):
        raise SessionDataError(
            f"Column right of {path.name} must hold {RIGHTS_TOLD}; it also holds {', '.join(strange[:5])}.",
            code="wrong_right",
            file=str(path),
            column="right",
        )
    if encoded.null_count:
        raise SessionDataError(
            f"Column right of {path.name} is empty in {encoded.null_count} rows; it must hold {RIGHTS_TOLD}.",
            code="wrong_right",
            file=str(path),
            column="right",
        )
    codes: Ints = np.array([RIGHTS.index(value) for value in found], dtype=np.int64)
    places: Ints = encoded.indices.to_numpy().astype(np.int64)
    return codes[places]

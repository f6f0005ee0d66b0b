"""Published volatilities beside ours, for captures that name their prices: errors in volatility points."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from markets.domain.pricing.conventions import Clock, Convention, Valued, value, years
from qlplatform.core.clock import IST

Floats = NDArray[np.float64]
CLOSE = time(15, 30)  # of every expiry day in these captures


class Published(NamedTuple):
    """Quotes with the volatility (percent) somebody published for them; times as IST, expiry as a date."""

    at: NDArray[np.datetime64]
    expiry: NDArray[np.datetime64]
    w: Floats
    strike: Floats
    price: Floats
    spot: Floats
    iv: Floats

    def where(self, rows: NDArray[np.bool_]) -> Published:
        return Published(*(column[rows] for column in self))


def ours(quotes: Published, convention: Convention) -> Valued:
    """Volatility and Greeks of the quotes' prices under a convention on the spot."""
    left = years_of(quotes, convention.clock)
    return value(convention, quotes.price, quotes.w, quotes.spot, quotes.strike, left)


def errors(quotes: Published, convention: Convention) -> Floats:
    """Our volatility less theirs in points, where both have one."""
    found = 100 * ours(quotes, convention).iv - quotes.iv
    return np.abs(found[np.isfinite(found)])


def years_of(quotes: Published, clock: Clock) -> Floats:
    """Years to the close of the expiry day for every quote."""
    pairs, place = np.unique(np.stack([quotes.at, quotes.expiry]), axis=1, return_inverse=True)
    each = [
        years(_ist(at), datetime.combine(_ist(expiry).date(), CLOSE, IST), clock) for at, expiry in pairs.T
    ]
    return np.array(each)[place.reshape(-1)]


def _ist(instant: np.datetime64) -> datetime:
    seconds = int(instant.astype("datetime64[s]").astype(np.int64))
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).replace(tzinfo=IST)


def bars_2025(path: Path, *, bar: timedelta) -> Published:
    """15-minute bars of a vendor; `bar` is added to the start that labels a bar. Rows of a doubtful index or
    without a volatility are left out.
    """
    columns = ["ts", "expiry", "right", "strike", "close", "spot", "iv", "spot_suspect"]
    table = pq.read_table(path, columns=columns)
    kept = ~column(table, "spot_suspect", bool) & (column(table, "iv") > 0)
    w = np.where(column(table, "right", object) == "CE", 1.0, -1.0)
    at = seconds(table, "ts") + np.timedelta64(bar)
    numbers = (column(table, name) for name in ("strike", "close", "spot", "iv"))
    return Published(at, seconds(table, "expiry"), w, *numbers).where(kept)


def chain_pages(path: Path) -> Published:
    """Last prices and volatilities of calls, then puts, of the exchange's option-chain pages: strikes within
    5 % of the spot, not on the expiry day.
    """
    table = pq.read_table(path)
    at, expiry = seconds(table, "ts"), seconds(table, "expiry")
    strike, spot = column(table, "strike"), column(table, "spot")
    sides = [
        Published(
            at,
            expiry,
            np.full(at.size, w),
            strike,
            column(table, f"{side}_ltp"),
            spot,
            column(table, f"{side}_iv"),
        )
        for side, w in (("ce", 1.0), ("pe", -1.0))
    ]
    both = Published(*(np.concatenate(pair) for pair in zip(*sides, strict=True)))
    near = np.abs(both.strike / both.spot - 1) < 0.05
    return both.where(near & (both.iv > 0) & (both.at.astype("datetime64[D]") < both.expiry))


def column(table: pa.Table, name: str, kind: type = float) -> NDArray[np.generic]:
    return table[name].to_numpy(zero_copy_only=False).astype(kind)


def seconds(table: pa.Table, name: str) -> NDArray[np.datetime64]:
    return table[name].to_numpy().astype("datetime64[s]")

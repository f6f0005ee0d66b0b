"""The index beside a chain: its own column, or the put-call parity forward of the nearest expiry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from markets.domain.pricing.conventions import DEFAULT, years
from markets.domain.pricing.forward import parity
from markets.selectors import calendar_of
from markets.session_import.chain import EPOCH_DAY, Chain
from qlplatform.core.clock import IST

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

COLUMN = "the file's own"
PARITY = "put-call parity forward of the nearest expiry (the file has no spot)"
NAIVE_IST = datetime(1970, 1, 1, tzinfo=IST).astimezone(UTC)
TWO_SIDED = ("ce_bid", "ce_ask", "pe_bid", "pe_ask")


class SpotRows(NamedTuple):
    """Time (µs of naive IST), price in rupees (NaN = none), and where it comes from."""

    ts: Ints
    price: Floats
    rule: str


def spot_of(chain: Chain, underlying: str) -> SpotRows:
    """The index at each snapshot of a chain (sorted by time)."""
    ts, first = np.unique(chain.ts, return_index=True)
    if np.isfinite(chain.spot).any():
        return SpotRows(ts, _first_known(chain.spot, first), COLUMN)
    if any(name not in chain.cells for name in TWO_SIDED):
        return SpotRows(ts, np.full(len(ts), np.nan), "none: the file has neither a spot nor bids and asks")
    edges = np.append(first, len(chain.ts))
    prices = [_forward(chain, slice(a, b), underlying) for a, b in zip(edges, edges[1:], strict=False)]
    return SpotRows(ts, np.array(prices, dtype=np.float64), PARITY)


def _first_known(values: Floats, first: Ints) -> Floats:
    """Of each group the first value that is known."""
    filled = np.where(np.isfinite(values), values, np.inf)
    known = np.flatnonzero(np.isfinite(filled))
    place = np.searchsorted(known, first)
    ends = np.append(first[1:], len(values))
    found = np.full(len(first), np.nan)
    has = place < len(known)
    has[has] = known[place[has]] < ends[has]
    found[has] = values[known[place[has]]]
    return found


def _forward(chain: Chain, rows: slice, underlying: str) -> float:
    expiries = chain.expiry[rows]
    near = expiries == expiries.min()
    call_bid, call_ask, put_bid, put_ask = (chain.cells[name][rows][near] for name in TWO_SIDED)
    now = NAIVE_IST + timedelta(microseconds=int(chain.ts[rows.start]))
    left = _years(now, int(expiries.min()), underlying)
    strikes = chain.strike[rows][near]
    found = parity(strikes, call_bid, call_ask, put_bid, put_ask, years=left, rate=DEFAULT.rate)
    return np.nan if found is None else round(found, 2)


def _years(now: datetime, expiry_day: int, underlying: str) -> float:
    day = EPOCH_DAY + timedelta(days=expiry_day)
    hours = calendar_of(underlying).session(day, expiring=True)
    return years(now, hours.close) if hours else max((day - now.date()).days, 0) / 365

"""The index of a set in the making: from its own file, from beside the options, or from the chain itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from markets.session_files import SessionDataError
from markets.session_import.chain import Chain
from markets.session_import.checking import within_hours
from markets.session_import.reading import Collected, IndexPart
from markets.session_import.spot import SpotRows, spot_of
from markets.session_rows import commonest_gap

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FILE = "an index file"
OLDEST_US = 30 * 60 * 1_000_000  # an index price older than this says nothing about a snapshot


def index_of_ticks(found: Collected, underlying: str, dropped: Counter[str]) -> IndexPart:
    """The index tick by tick; of ticks with one stamp the last counts."""
    whole = _in_hours(found.index, underlying, dropped, at_close=True)
    last = np.append(whole.ts[1:] != whole.ts[:-1], True) if len(whole.ts) else np.zeros(0, dtype=bool)
    if repeated := int(np.count_nonzero(~last)):
        dropped["duplicates"] += repeated
    return IndexPart(whole.ts[last], whole.price[last], whole.vix[last], ticks=True)


def index_of_bars(found: Collected, underlying: str, dropped: Counter[str]) -> tuple[IndexPart, str]:
    """The index bars beside option bars. Raises SessionDataError `no_index`."""
    parts, rule = (found.index, FILE) if found.index else (found.spots, "the column spot of the options")
    if not parts:
        _no_index()
    whole = _in_hours(parts, underlying, dropped if found.index else Counter(), at_close=False)
    _, first = np.unique(whole.ts, return_index=True)
    return IndexPart(whole.ts[first], whole.price[first], whole.vix[first], ticks=False), rule


def index_of_chain(found: Collected, chain: Chain, underlying: str) -> SpotRows:
    """The index at each snapshot. Raises SessionDataError `no_index`."""
    if not found.index:
        rows = spot_of(chain, underlying)
        if not np.isfinite(rows.price).any():
            _no_index()
        return rows
    whole = _in_hours(found.index, underlying, Counter(), at_close=True)
    known = whole.ts if whole.ticks else whole.ts + commonest_gap(whole.ts)
    ts = np.unique(chain.ts)
    place = np.searchsorted(known, ts, side="right") - 1
    usable = (place >= 0) & (ts - known[np.maximum(place, 0)] <= OLDEST_US)
    return SpotRows(ts, np.where(usable, whole.price[np.maximum(place, 0)], np.nan), FILE)


def _in_hours(
    parts: Sequence[IndexPart], underlying: str, dropped: Counter[str], *, at_close: bool
) -> IndexPart:
    """All of them by time, inside the trading hours, with a price."""
    ts = np.concatenate([part.ts for part in parts])
    price = np.concatenate([part.price for part in parts])
    vix = np.concatenate([part.vix for part in parts])
    kept, reasons = within_hours(ts, underlying, at_close=at_close)
    priced = np.isfinite(price) & (price > 0)
    dropped.update(reasons)
    if unpriced := int(np.count_nonzero(kept & ~priced)):
        dropped["bad_price"] += unpriced
    rows = np.flatnonzero(kept & priced)
    rows = rows[np.argsort(ts[rows], kind="stable")]
    return IndexPart(ts[rows], price[rows], vix[rows], ticks=any(part.ticks for part in parts))


def _no_index() -> None:
    raise SessionDataError(
        "Nothing tells the price of the index: give its file too (ts and spot, or ts, symbol and ltp).",
        code="no_index",
    )

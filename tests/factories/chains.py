"""A replay of 8 June 2022 at a known price event, for chain pages and endpoints."""

from __future__ import annotations

from datetime import date

import numpy as np

from markets import quotes
from markets.models import Instrument, Market
from markets.quotes import Snapshot, SnapshotBuilder
from markets.selectors.chain import forget_chains
from markets.services import instruments_ensure, market_advance, replay_market_create
from markets.sessions import bundled_sources
from qlplatform.core.models import Workspace

DAY = date(2022, 6, 8)
EXPIRY = date(2022, 6, 9)
SOURCE = "nifty_2022-06"


def replay_at(workspace: Workspace, seq: int) -> Market:
    """A replay that has played its first `seq` bars."""
    market = replay_market_create(workspace=workspace, source=SOURCE, session_date=DAY, speed=60)
    forget_chains()
    return play_to(market, seq)


def play_to(market: Market, seq: int, *, book: bool = False) -> Market:
    """Publish bar `seq` of the replay; with `book` it carries bids, asks, open interest and volume."""
    snapshot = bar(market, seq)
    quotes.store(with_book(snapshot) if book else snapshot)
    market_advance(market=market, seq=seq, at=snapshot.at)
    return market


def bar(market: Market, seq: int) -> Snapshot:
    """Bar `seq` as the feed would publish it."""
    session = bundled_sources()[SOURCE].load(DAY)
    ids = {contract: row.pk for contract, row in instruments_ensure(session).items()}
    return SnapshotBuilder(session, ids, market_id=market.pk).snapshot(seq)


def with_book(snapshot: Snapshot) -> Snapshot:
    """The same prices with a tick on either side of them, and open interest that grows with the key."""
    there = snapshot.ltp > 0
    place = np.arange(len(snapshot.keys), dtype=np.int64)
    columns = dict(snapshot.columns) | {
        "bid": np.where(there, np.maximum(snapshot.ltp - 5, 5), 0).astype(np.int64),
        "ask": np.where(there, snapshot.ltp + 5, 0).astype(np.int64),
        "bid_qty": 50 * (place + 1),
        "ask_qty": 50 * (place + 2),
        "volume": 5_000 * (place + 1),
        "oi": 50_000 * (place % 40 + 1),
        "oi_chg": 2_500 * (place % 9 - 4),
    }
    return Snapshot(
        snapshot.market_id, snapshot.seq, snapshot.at, snapshot.spot, snapshot.keys, snapshot.ltp,
        snapshot.stamp, columns,
    )  # fmt: skip


def option(strike: int, kind: str = "CE") -> Instrument:
    """An option of the nearest expiry."""
    return Instrument.objects.get(underlying="NIFTY", kind=kind, expiry=EXPIRY, strike_paise=strike * 100)

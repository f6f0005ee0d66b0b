"""The newest state of every instrument, and the snapshots made of it."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from markets.domain.bars import micros
from markets.feed.ticks import UNTOLD, Ints, Mask, Ticks
from markets.feed.universe import Universe
from markets.quotes import Snapshot

TOLD = ("ltp", "bid", "ask", "bid_qty", "ask_qty", "volume", "oi", "exch_us", "recv_us")
COLUMNS = ("bid", "ask", "bid_qty", "ask_qty", "volume", "oi", "exch_us")
SPOT_FRESH_US = 5_000_000


class Board:
    """One array per field, a row per instrument of the universe; 0 where nothing is known yet.

    Its snapshots number the events of the live market by their µs, so that numbers grow over restarts, too.
    """

    ltp: Ints
    bid: Ints
    ask: Ints
    bid_qty: Ints
    ask_qty: Ints
    volume: Ints
    oi: Ints
    exch_us: Ints
    recv_us: Ints

    def __init__(self, of: Universe, *, market_id: int) -> None:
        self.universe, self.market_id = of, market_id
        for name in TOLD:
            setattr(self, name, np.zeros(len(of), dtype=np.int64))
        self.stamp: Ints = np.zeros(len(of), dtype=np.int64)
        self._quoted: Mask = np.zeros(len(of), dtype=bool)
        self.changed = False
        self.seq = 0

    def apply(self, ticks: Ticks) -> None:
        """Take a batch in; of several ticks of an instrument the last one stays."""
        if not len(ticks):
            return
        for name in TOLD:
            values, told = getattr(ticks, name), getattr(ticks, name) != UNTOLD
            if told.all():
                getattr(self, name)[ticks.place] = values
            else:
                getattr(self, name)[ticks.place[told]] = values[told]
        self._uncross(ticks)
        self._quoted[ticks.place[ticks.ltp != UNTOLD]] = True
        self.changed = True

    def _uncross(self, ticks: Ticks) -> None:
        """A tick may tell one side alone: where it crosses the other, which is older, that one is gone."""
        crossed = (self.bid[ticks.place] > self.ask[ticks.place]) & (self.ask[ticks.place] > 0)
        if not crossed.any():
            return
        at = np.unique(ticks.place[crossed])
        bid_older = self._told_last(ticks, "bid")[at] < self._told_last(ticks, "ask")[at]
        for side, gone in (("bid", at[bid_older]), ("ask", at[~bid_older])):
            getattr(self, side)[gone] = getattr(self, f"{side}_qty")[gone] = 0

    def _told_last(self, ticks: Ticks, name: str) -> Ints:
        """By instrument, the row of the batch that told a field last, -1 where none did."""
        last = np.full(len(self.universe), -1, dtype=np.int64)
        told = np.flatnonzero(getattr(ticks, name) != UNTOLD)
        last[ticks.place[told]] = told
        return last

    def snapshot(self, at: datetime) -> Snapshot:
        """The state as the next event of the market: what was quoted since the last one is quoted in it."""
        self.seq = max(self.seq + 1, micros(at))
        self.stamp[self._quoted] = self.seq
        self._quoted[:] = False
        self.changed = False
        columns = {name: getattr(self, name).copy() for name in COLUMNS}
        known = (self.universe.oi_before > 0) & (self.oi > 0)
        columns["oi_chg"] = np.where(known, self.oi - self.universe.oi_before, 0)
        ltp = self.ltp.astype(np.int32)
        return Snapshot(
            self.market_id, self.seq, at, self._spots(at), self.universe.keys, ltp, self.stamp.copy(), columns
        )

    def resume(self, last: Snapshot) -> None:
        """Go on from a snapshot of an earlier feed: its prices are known, its time never comes again."""
        places = {int(key): place for place, key in enumerate(self.universe.keys)}
        rows = [(places[int(key)], row) for row, key in enumerate(last.keys) if int(key) in places]
        if rows:
            place, row = np.array(rows, dtype=np.int64).T
            for name in COLUMNS:
                getattr(self, name)[place] = last.column(name)[row]
            self.ltp[place], self.stamp[place] = last.ltp[row], last.stamp[row]
        self.seq = max(self.seq, last.seq)

    def _spots(self, at: datetime) -> dict[str, int]:
        """The indices that still tick: of one that has stopped no rule should be reminded."""
        since = micros(at) - SPOT_FRESH_US
        return {
            name: int(self.ltp[place])
            for place, name in self.universe.spots.items()
            if self.ltp[place] > 0 and self.recv_us[place] >= since
        }

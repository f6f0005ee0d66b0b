"""What is wrong with a batch of ticks: a row that cannot be right stays out, a field that cannot be right is
taken from its row. Everything is counted by code, with the newest example.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from markets.feed.board import Board
from markets.feed.ticks import MAX_PRICE, NAN, UNTOLD, Ints, Mask, Ticks, sample
from markets.feed.universe import TokenTable

ROW_CODES = {
    "unknown_token": "ticks of an instrument that nobody subscribed",
    "not_a_number": "ticks whose price is no number",
    "bad_price": "ticks with a price that is zero, negative or absurd",
    "outside_band": "ticks outside the price band of the day",
    "future_stamp": "ticks stamped later than they came in",
    "out_of_order": "ticks older than what was known",
    "duplicate": "ticks that repeated the one before",
}
FIELD_CODES = {
    "no_trade": "quotes without a last price, whose instrument has not traded yet",
    "crossed": "bids above the ask; both were left out",
    "bad_quote": "bids or asks that are no price",
    "bad_qty": "quantities that are none",
    "oi_unit": "open interest that is no multiple of the lot",
}
FRAME_CODES = {
    "cut_short": "frames that ended before their last packet",
    "unknown_packet": "packets of a length that is not documented",
}

AHEAD_US = 5_000_000  # clocks of exchange and host differ this much at most
DAY_US = 86_400_000_000
MOST_QTY = 2**40
SAME = ("ltp", "bid", "ask", "bid_qty", "ask_qty", "volume", "oi", "exch_us")
SURE_OF_UNIT = 20  # instruments whose open interest all looks like shares


class Gate:
    """The checks for one source. `faults` counts by code, `examples` has the newest of each; `passed` and
    `kept_out` add up to the ticks that came in.
    """

    def __init__(self, board: Board, tokens: TokenTable, *, oi_in_contracts: bool = False) -> None:
        self._board, self._tokens = board, tokens
        self._oi_in_contracts = oi_in_contracts
        self._looks_like_shares: Mask = np.zeros(len(board.universe), dtype=bool)
        self.faults: Counter[str] = Counter()
        self.examples: dict[str, Mapping[str, int]] = {}
        self.passed = self.kept_out = 0

    def check(self, ticks: Ticks) -> Ticks:
        """The ticks that may be applied, in order of arrival, with their places on the board."""
        if not len(ticks):
            return ticks
        came = len(ticks)
        ticks = ticks.with_columns(place=self._tokens.places(ticks.token))
        ticks = self._without(ticks, ticks.place == UNTOLD, "unknown_token")
        ticks = self._usable_prices(ticks)
        ticks = self._timely(ticks)
        if len(ticks):
            ticks = self._usable_open_interest(self._usable_quantities(self._usable_quotes(ticks)))
            ticks = self._in_order(ticks)
        self.passed += len(ticks)
        self.kept_out += came - len(ticks)
        return ticks

    # -- rows ---------------------------------------------------------------------

    def _usable_prices(self, ticks: Ticks) -> Ticks:
        ticks = self._without(ticks, ticks.ltp == NAN, "not_a_number")
        quoted = (ticks.bid > 0) | (ticks.ask > 0)
        never_traded = (ticks.ltp == 0) & quoted
        if never_traded.any():
            self._count(ticks, never_traded, "no_trade")
            ticks = ticks.with_columns(ltp=np.where(never_traded, UNTOLD, ticks.ltp))
        bad = ((ticks.ltp <= 0) & ~never_traded) | (ticks.ltp > MAX_PRICE)
        ticks = self._without(ticks, bad, "bad_price")
        low, high = self._board.universe.low[ticks.place], self._board.universe.high[ticks.place]
        outside = ((low > 0) & (ticks.ltp < low)) | ((high > 0) & (ticks.ltp > high))
        return self._without(ticks, outside & (ticks.ltp != UNTOLD), "outside_band")

    def _timely(self, ticks: Ticks) -> Ticks:
        """A source without stamps is taken to be prompt."""
        stamped = np.where(ticks.exch_us > 0, ticks.exch_us, ticks.recv_us)
        ticks = ticks.with_columns(exch_us=stamped)
        return self._without(ticks, stamped > ticks.recv_us + AHEAD_US, "future_stamp")

    def _in_order(self, ticks: Ticks) -> Ticks:
        """Without those older than what their instrument has told already, and those that only repeat it."""
        order = np.argsort(ticks.place, kind="stable")
        place, stamp = ticks.place[order], ticks.exch_us[order]
        late = np.zeros(len(order), dtype=bool)
        known = self._board.exch_us[place]
        late[order] = (stamp < known) | (stamp < _newest(place, stamp, known))
        ticks = self._without(ticks, late, "out_of_order")
        return self._without(ticks, self._repeated(ticks), "duplicate")

    def _repeated(self, ticks: Ticks) -> Mask:
        order = np.argsort(ticks.place, kind="stable")
        place = ticks.place[order]
        first = np.diff(place, prepend=UNTOLD) != 0
        same = np.ones(len(order), dtype=bool)
        for name in SAME:
            values = getattr(ticks, name)[order]
            before = np.where(first, getattr(self._board, name)[place], np.roll(values, 1))
            same &= (values == UNTOLD) | (values == before)
        repeated = np.zeros(len(order), dtype=bool)
        repeated[order] = same
        return repeated

    # -- fields -------------------------------------------------------------------

    def _usable_quotes(self, ticks: Ticks) -> Ticks:
        """A quote that cannot be right is no quote (0), rather than the one before."""
        bad_bid, bad_ask = _no_price(ticks.bid), _no_price(ticks.ask)
        self._count(ticks, bad_bid | bad_ask, "bad_quote")
        bid, ask = np.where(bad_bid, 0, ticks.bid), np.where(bad_ask, 0, ticks.ask)
        crossed = (bid > ask) & (ask > 0)
        self._count(ticks, crossed, "crossed")
        return ticks.with_columns(bid=np.where(crossed, 0, bid), ask=np.where(crossed, 0, ask))

    def _usable_quantities(self, ticks: Ticks) -> Ticks:
        names = ("bid_qty", "ask_qty", "volume", "oi")
        bad = {name: _no_quantity(getattr(ticks, name)) for name in names}
        if not any(mask.any() for mask in bad.values()):
            return ticks
        self._count(ticks, np.logical_or.reduce(list(bad.values())), "bad_qty")
        return ticks.with_columns(
            **{name: np.where(bad[name], UNTOLD, getattr(ticks, name)) for name in names}
        )

    def _usable_open_interest(self, ticks: Ticks) -> Ticks:
        """In units. What a source counts in contracts is multiplied by the lot; what then cannot be right,
        because shares come in whole lots only, is left out.
        """
        lot = self._board.universe.lot[ticks.place]
        told = (ticks.oi > 0) & (lot > 1)
        broken = told & (ticks.oi % np.maximum(lot, 1) != 0)
        if not self._oi_in_contracts:
            self._count(ticks, broken, "oi_unit")
            return ticks.with_columns(oi=np.where(broken, UNTOLD, ticks.oi))
        self._looks_like_shares[ticks.place[told]] = True
        if broken.any():
            self._looks_like_shares[:] = False
        if np.count_nonzero(self._looks_like_shares) >= SURE_OF_UNIT:
            self._count(ticks, told, "oi_unit")
            return ticks.with_columns(oi=np.where(told, UNTOLD, ticks.oi))
        return ticks.with_columns(oi=np.where(told, ticks.oi * lot, ticks.oi))

    # -- counting -----------------------------------------------------------------

    def _without(self, ticks: Ticks, bad: Mask, code: str) -> Ticks:
        return ticks.take(~bad) if self._count(ticks, bad, code) else ticks

    def _count(self, ticks: Ticks, bad: Mask, code: str) -> bool:
        count = int(np.count_nonzero(bad))
        if count:
            self.faults[code] += count
            self.examples[code] = sample(ticks, int(np.flatnonzero(bad)[-1]))
        return count > 0


def _no_price(values: Ints) -> Mask:
    return ((values < 0) & (values != UNTOLD)) | (values > MAX_PRICE)


def _no_quantity(values: Ints) -> Mask:
    return ((values < 0) & (values != UNTOLD)) | (values > MOST_QTY)


def _newest(place: Ints, stamp: Ints, known: Ints) -> Ints:
    """The newest stamp each tick's instrument has told up to and with this tick; `place` is sorted.

    Stamps more than a day before the newest count as one: they are too old whatever they say.
    """
    base = int(stamp.max()) - DAY_US
    group = np.cumsum(np.diff(place, prepend=place[:1]) != 0) * (2 * DAY_US)
    most = np.maximum.accumulate(group + np.clip(np.maximum(stamp, known) - base, 0, 2 * DAY_US - 1)) - group
    newest: Ints = np.where(most > 0, most + base, 0)
    return newest

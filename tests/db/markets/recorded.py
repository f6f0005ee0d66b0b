"""A live feed as tests record it: an index and three options, two ticks a second."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from markets.candle_store import Series
from markets.domain.bars import micros
from markets.feed.board import Board
from markets.feed.ticks import Ticks, ticks_of
from markets.feed.universe import universe
from markets.recordings.parts import Recorded
from markets.recordings.recorder import Recorder

DAY = date(2026, 11, 20)
OPEN = datetime(2026, 11, 20, 3, 45, tzinfo=UTC)
EXPIRY = date(2026, 12, 1)
CONTRACTS = [
    Recorded(1, "NIFTY", Series("INDEX")),
    Recorded(2, "NIFTY", Series("PE", EXPIRY, 24_000_00)),
    Recorded(3, "NIFTY", Series("CE", EXPIRY, 24_000_00)),
    Recorded(4, "BANKNIFTY", Series("CE", EXPIRY, 52_000_00)),
]
KEYS = [each.key for each in CONTRACTS]


def feed_second(second: int, opened: datetime = OPEN) -> Ticks:
    """What comes in a second: the index always, the options by turns."""
    at = micros(opened) + second * 1_000_000
    places = [0, 1 + second % 3]
    prices = [2_400_000 + (second * 37) % 500, 10_000 + (second * 13) % 300]
    quoted = [0, prices[1] - 5]
    columns = {"bid": quoted, "ask": [0, prices[1] + 5], "bid_qty": [0, 75], "ask_qty": [0, 150]}
    told = {"volume": [0, 75 * (second // 3 + 1)], "oi": [0, 750 + second], "exch_us": [at, at]}
    return ticks_of(2, ltp=prices, recv_us=[at, at], place=places, **columns, **told)


def play(recorder: Recorder, seconds: range, opened: datetime = OPEN) -> None:
    """The live feed of these seconds of the day."""
    board = Board(universe(KEYS, {1: "NIFTY"}), market_id=1)
    for second in seconds:
        ticks = feed_second(second, opened)
        board.apply(ticks)
        recorder.on_batch(ticks)
        recorder.on_snapshot(board.snapshot(opened + timedelta(seconds=second)))

"""What live prices cost: Kite's binary frames through parser, gate, board, shared memory, Redis, candles."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

INSTRUMENTS = 5_000
PER_SECOND = 2
SECONDS = 20
FRAME_EVERY_S = 0.01
BURST_TICKS = 500_000
BURST_FRAME = 250
PACKET = 184
OPEN = "2026-11-03T10:15:50+05:30"  # a minute ends while it runs


def run(args: list[str]) -> Iterator[dict[str, Any]]:
    """Live pace for `SECONDS` (or as many as the first argument says), then a burst."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qlplatform.settings.dev")
    from qlplatform.launcher.scratch import scratch  # noqa: PLC0415 - Django is set up inside, on the clone

    with scratch():
        import django  # noqa: PLC0415

        django.setup()
        yield _paced(int(args[0]) if args else SECONDS)
        yield from _burst()


def _paced(seconds: int) -> dict[str, Any]:
    """The processor time of the whole process at 2 ticks a second for each instrument."""
    stream = Stream(seconds)
    feed, candles = _feed(stream)
    frames, per_frame = int(seconds / FRAME_EVERY_S), int(INSTRUMENTS * PER_SECOND * FRAME_EVERY_S)
    used, began = time.process_time(), time.perf_counter()
    for n in range(frames):
        stream.offer(n * per_frame, per_frame)
        feed.turn()
        time.sleep(max(0.0, began + (n + 1) * FRAME_EVERY_S - time.perf_counter()))
    cores = (time.process_time() - used) / (time.perf_counter() - began)
    _require_all(feed, frames * per_frame)
    note = f"{INSTRUMENTS} instruments × {PER_SECOND}/s for {seconds} s, 184-byte packets, frames of 10 ms"
    return _row("cpu_cores", round(cores, 3), "cores", frames * per_frame, f"{note}; {candles.bars} bars")


def _burst() -> Iterator[dict[str, Any]]:
    """As fast as it can: frames wait in the socket, each turn takes those of 10,000 ticks."""
    stream = Stream(BURST_TICKS // INSTRUMENTS)
    feed, _ = _feed(stream)
    at_once = 10_000
    began = time.perf_counter()
    for first in range(0, BURST_TICKS, at_once):
        for more in range(0, at_once, BURST_FRAME):
            stream.offer(first + more, BURST_FRAME)
        feed.turn()
    took = time.perf_counter() - began
    note = "one process, everything included"
    yield _row("burst_ticks_per_s", round(BURST_TICKS / took), "ticks/s", BURST_TICKS, note)
    lost = BURST_TICKS - feed.lines[0].gate.passed
    yield _row("lost", lost, "ticks", BURST_TICKS, "not applied, for whatever reason")


def _row(metric: str, value: float, unit: str, n: int, note: str) -> dict[str, Any]:
    return {"metric": metric, "value": value, "unit": unit, "n": n, "note": note}


class Stream:
    """A source of made-up ticks as Kite sends them; walks of prices made before the clock runs."""

    name, oi_in_contracts = "kite", False

    def __init__(self, seconds: int) -> None:
        self._start = int(datetime.fromisoformat(OPEN).timestamp())
        self._packets = _packets(seconds * INSTRUMENTS * PER_SECOND, self._start)
        self._waiting: list[tuple[bytes, int]] = []

    def tokens(self) -> dict[int, int]:
        return {_token(n): n + 1 for n in range(INSTRUMENTS)}

    def offer(self, first: int, count: int) -> None:
        """A frame of the packets from `first` on has come in."""
        rows = self._packets[first : first + count]
        at_us = int(rows["stamp"][-1]) * 1_000_000 + 1_000
        self._waiting.append((struct.pack(">H", count) + rows.tobytes(), at_us))

    def poll(self) -> Any:
        from brokers.adapters.kite.ticks import decode  # noqa: PLC0415 - Django is set up by now

        waiting, self._waiting = self._waiting, []
        return decode([data for data, _ in waiting], [at_us for _, at_us in waiting])


def _token(n: int) -> int:
    return (40_000 + n) << 8 | 2


def _packets(count: int, start: int) -> NDArray[np.void]:
    """Full packets with their lengths, each instrument in turn: prices walk, volume grows, stamps move on."""
    names = ["length", "token", "ltp", "volume", "oi", "stamp", "bid_qty", "bid", "ask_qty", "ask"]
    offsets = [0, 2, 6, 18, 50, 62, 66, 70, 126, 130]
    formats = [">u2", *[">u4"] * 9]
    layout = np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": PACKET + 2})
    rows = np.zeros(count, layout)
    number = np.arange(count)
    turn, instrument = number // INSTRUMENTS, number % INSTRUMENTS
    steps = np.random.default_rng(7).integers(-2, 3, count) * 5
    price = 100_00 + instrument + np.cumsum(steps) % 20_00
    rows["length"], rows["token"], rows["ltp"] = PACKET, _token(0) + (instrument << 8), price
    rows["volume"], rows["oi"] = 75 * (turn + 1), 75 * (1000 + turn)
    rows["stamp"] = start + turn // PER_SECOND
    rows["bid_qty"] = rows["ask_qty"] = 75
    rows["bid"], rows["ask"] = price - 5, price + 5
    return rows


class Candles:
    """One-minute and longer bars of what came in."""

    def __init__(self) -> None:
        from markets.domain.calendar import DaySession  # noqa: PLC0415
        from markets.domain.candles import CandleBuilder  # noqa: PLC0415

        start = datetime.fromisoformat(OPEN)
        first = start.replace(hour=9, minute=15, second=0)
        session = DaySession(((first, first.replace(hour=15, minute=40)),))
        self._builder = CandleBuilder(list(range(1, INSTRUMENTS + 1)), session)
        self.bars = 0

    def on_batch(self, ticks: Any) -> None:
        self.bars += sum(len(bars) for bars in self._builder.add(ticks))


def _feed(stream: Stream) -> tuple[Any, Candles]:
    from markets.feed.live import LiveFeed  # noqa: PLC0415
    from markets.feed.universe import universe  # noqa: PLC0415

    candles = Candles()
    of = universe(list(range(1, INSTRUMENTS + 1)), lot=np.full(INSTRUMENTS, 75))
    return LiveFeed([stream], of, market_id=1, hours=None, on_batch=[candles.on_batch]), candles


def _require_all(feed: Any, offered: int) -> None:
    passed = feed.lines[0].gate.passed
    if passed != offered:
        raise RuntimeError(
            f"{offered - passed} of {offered} ticks were kept out: {feed.lines[0].gate.faults}"
        )

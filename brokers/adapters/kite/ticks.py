"""Kite's binary ticks (Kite Connect v3, WebSocket streaming).

A frame is a count (16 bits) and so many packets, each behind its length (16 bits); all numbers are
big-endian. A frame of one byte is a sign of life. The length tells the packet's kind: 8 last price, 28 index
quote, 32 index with stamp, 44 quote, 184 with five levels of depth. Prices are whole numbers of a divisor
that the segment tells, which is the low byte of the token. Text frames (order news, errors) do not belong
here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from markets.feed.sources import Polled
from markets.feed.ticks import UNTOLD, Ints, Ticks, joined, ticks_of

LENGTH = 2  # bytes before each packet, and of the count before all
HEARTBEAT = 1
SECOND_US = 1_000_000
DIVISORS = {3: 10_000_000, 6: 10_000, 12: 10_000}  # CDS, BCD, NCO; all others 100 (paise)

# field -> its place in the packet
LTP = {"token": 0, "ltp": 4}
INDEX_FULL = LTP | {"stamp": 28}
QUOTE = LTP | {"volume": 16}
FULL = QUOTE | {"oi": 48, "stamp": 60, "bid_qty": 64, "bid": 68, "ask_qty": 124, "ask": 128}
PACKETS = {8: LTP, 28: LTP, 32: INDEX_FULL, 44: QUOTE, 184: FULL}
PRICES = ("ltp", "bid", "ask")
SEGMENTS = np.full(256, 100, dtype=np.int64)
for _segment, _divisor in DIVISORS.items():
    SEGMENTS[_segment] = _divisor


def _layout(length: int) -> np.dtype[np.void]:
    """A packet with its length before it."""
    fields = PACKETS[length]
    offsets = [LENGTH + at for at in fields.values()]
    formats = [">u4"] * len(fields)
    return np.dtype(
        {"names": list(fields), "formats": formats, "offsets": offsets, "itemsize": LENGTH + length}
    )


LAYOUTS = {length: _layout(length) for length in PACKETS}


class Run(NamedTuple):
    """So many packets of one length that followed each other. `at_us` is when they came in, `first` the
    number of the first one among all.
    """

    data: bytes
    many: int
    at_us: int
    first: int


def decode(frames: Sequence[bytes], recv_us: Sequence[int]) -> Polled:
    """The ticks of binary frames, in order. Never raises: `cut_short` counts frames that ended too early
    (their whole packets are used), `unknown_packet` packets of another length.

    Prices in currency segments have more decimals than paise and are rounded to the nearest.
    """
    faults: Counter[str] = Counter()
    runs: defaultdict[int, list[Run]] = defaultdict(list)
    number = 0
    for data, at_us in zip(frames, recv_us, strict=True):
        for length, packets in _packets(data, faults):
            count = len(packets) // (LENGTH + length)
            if length in PACKETS:
                runs[length].append(Run(packets, count, at_us, number))
            else:
                faults["unknown_packet"] += count
            number += count
    ticks = joined([_ticks(length, same) for length, same in runs.items()])
    if len(runs) > 1:
        ticks = ticks.take(np.argsort(np.concatenate([_numbers(same) for same in runs.values()])))
    return Polled(ticks, len(frames), faults)


def _packets(data: bytes, faults: Counter[str]) -> Iterator[tuple[int, bytes]]:
    """The packets of a frame with their lengths before them, those of one length together where the whole
    frame has but one.
    """
    if len(data) == HEARTBEAT:
        return
    left, at = int.from_bytes(data[:LENGTH], "big"), LENGTH
    if left and len(data) == LENGTH + left * (size := LENGTH + int.from_bytes(data[2:4], "big")):
        lengths = np.frombuffer(data, np.uint8, left * size, LENGTH).reshape(left, size)[:, :LENGTH]
        if (lengths == lengths[0]).all():
            yield size - LENGTH, data[LENGTH:]
            return
    while left:
        size = LENGTH + int.from_bytes(data[at : at + LENGTH], "big")
        if at + size > len(data):
            break
        yield size - LENGTH, data[at : at + size]
        at, left = at + size, left - 1
    if left or len(data) < LENGTH:
        faults["cut_short"] += 1


def _numbers(runs: list[Run]) -> Ints:
    """The number of every packet of some runs."""
    counts = np.array([run.many for run in runs])
    before = np.cumsum(counts) - counts
    return np.arange(counts.sum()) + np.repeat([run.first for run in runs] - before, counts)


def _ticks(length: int, runs: list[Run]) -> Ticks:
    packets: NDArray[np.void] = np.frombuffer(b"".join(run.data for run in runs), LAYOUTS[length])
    columns = {name: packets[name].astype(np.int64) for name in PACKETS[length]}
    divisor = SEGMENTS[columns["token"] & 0xFF]
    for name in PRICES:
        if name in columns:
            columns[name] = _paise(columns[name], divisor)
    if "stamp" in columns:
        stamp = columns.pop("stamp")
        columns["exch_us"] = np.where(stamp > 0, stamp * SECOND_US, UNTOLD)
    recv = np.repeat([run.at_us for run in runs], [run.many for run in runs])
    return ticks_of(len(packets), recv_us=recv, **columns)


def _paise(raw: Ints, divisor: Ints) -> Ints:
    """Rounded to the nearest paisa. What is negative on the wire is read as a price too large to be one."""
    paise: Ints = raw if (divisor == 100).all() else (raw * 100 + divisor // 2) // divisor
    return paise

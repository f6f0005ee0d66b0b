"""Kite's binary ticks: what the official client reads from a frame is what we read, many at a time."""

from __future__ import annotations

import base64
import json
import struct
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokers.adapters.kite.ticks import PACKETS, decode
from markets.feed.ticks import FIELDS, UNTOLD, Ticks
from qlplatform.core.clock import IST
from tests.factories.reference import reference

NFO = 43_211 << 8 | 2
INDEX = 256_265
STAMP = 1_793_686_500


def ltp(token: int = NFO, price: int = 118_55) -> bytes:
    return struct.pack(">II", token, price)


def full(token: int = NFO, price: int = 118_55, oi: int = 5_000_000, stamp: int = STAMP) -> bytes:
    head = struct.pack(">11I", token, price, 75, 118_50, 123_450, 60_000, 59_000, 1, 2, 3, 4)
    depth = [struct.pack(">IIHH", 75 * (n + 1), price - 5 * n, 1, 0) for n in range(5)]
    depth += [struct.pack(">IIHH", 150 * (n + 1), price + 10 + 5 * n, 1, 0) for n in range(5)]
    return head + struct.pack(">5I", stamp - 1, oi, oi + 1, oi - 1, stamp) + b"".join(depth)


def frame(*packets: bytes) -> bytes:
    return struct.pack(">H", len(packets)) + b"".join(struct.pack(">H", len(p)) + p for p in packets)


def one(ticks: Ticks, row: int = 0) -> dict[str, int]:
    return {name: int(getattr(ticks, name)[row]) for name in FIELDS if getattr(ticks, name)[row] != UNTOLD}


def test_a_full_packet_with_depth() -> None:
    told = decode([frame(full())], [7])
    assert (told.frames, told.faults) == (1, {})
    assert one(told.ticks) == {
        "token": NFO,
        "ltp": 118_55,
        "volume": 123_450,
        "oi": 5_000_000,
        "exch_us": STAMP * 1_000_000,
        "recv_us": 7,
        "bid": 118_55,
        "bid_qty": 75,
        "ask": 118_65,
        "ask_qty": 150,
    }


def test_what_a_packet_does_not_have_is_untold() -> None:
    told = decode([frame(ltp()), frame(full()[:44])], [7, 8])
    assert one(told.ticks, 0) == {"token": NFO, "ltp": 118_55, "recv_us": 7}
    assert one(told.ticks, 1) == {"token": NFO, "ltp": 118_55, "volume": 123_450, "recv_us": 8}


def test_packets_of_all_kinds_keep_their_order() -> None:
    index = struct.pack(">8I", INDEX, 26_050_15, 1, 2, 3, 4, 0, STAMP)
    frames = [
        frame(ltp(price=101), full(price=102), index, ltp(price=103)),
        frame(full(price=104), full(price=105)),
    ]
    told = decode(frames, [10, 20])
    assert told.ticks.ltp.tolist() == [101, 102, 26_050_15, 103, 104, 105]
    assert told.ticks.recv_us.tolist() == [10, 10, 10, 10, 20, 20]
    assert told.ticks.exch_us[2] == STAMP * 1_000_000


@pytest.mark.parametrize(
    ("segment", "raw", "paise"), [(3, 84_1275_000, 84_13), (6, 84_1249, 84_12), (12, 100, 1), (7, 100, 100)]
)
def test_prices_have_the_divisor_of_their_segment(segment: int, raw: int, paise: int) -> None:
    assert decode([frame(ltp(9 << 8 | segment, raw))], [0]).ticks.ltp.tolist() == [paise]


def test_signs_of_life_are_frames_without_ticks() -> None:
    told = decode([b"\0", b"\0", frame()], [1, 2, 3])
    assert (len(told.ticks), told.frames, told.faults) == (0, 3, {})
    assert len(decode([], []).ticks) == 0


def test_of_a_frame_cut_short_the_whole_packets_are_used() -> None:
    told = decode([frame(ltp(price=1), ltp(price=2))[:-1]], [0])
    assert (told.ticks.ltp.tolist(), told.faults) == ([1], {"cut_short": 1})


def test_packets_of_another_length_are_counted_and_passed_over() -> None:
    told = decode([frame(ltp(price=1), b"x" * 20, b"", ltp(price=2))], [0])
    assert (told.ticks.ltp.tolist(), told.faults) == ([1, 2], {"unknown_packet": 2})


@given(cut=st.integers(0, 600), lengths=st.lists(st.sampled_from([*PACKETS, 3]), min_size=1, max_size=8))
def test_a_frame_may_be_cut_anywhere(cut: int, lengths: list[int]) -> None:
    whole = frame(*(bytes(length) for length in lengths))
    told = decode([whole[:cut]], [0])
    assert len(told.ticks) <= sum(length in PACKETS for length in lengths)
    assert bool(told.faults.get("cut_short")) == (cut < len(whole) and cut != 1)


@given(st.lists(st.binary(max_size=400), max_size=5))
def test_any_bytes_are_read_without_an_error(frames: list[bytes]) -> None:
    told = decode(frames, [0] * len(frames))
    assert told.frames == len(frames)
    assert set(told.faults) <= {"cut_short", "unknown_packet"}


# -- as the official client reads them -------------------------------------------------


def frames_and_answers() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        reference("brokers", "kite", "synthetic", "ticks.json").read_text()
    )["frames"]
    return found


def test_every_frame_reads_as_the_official_client_reads_it() -> None:
    frames = frames_and_answers()
    assert len(frames) > 5
    for each in frames:
        told = decode([base64.b64decode(each["base64"])], [0])
        wanted = each["decoded"] if isinstance(each["decoded"], list) else []
        assert [one(told.ticks, row) | {"recv_us": 0} for row in range(len(told.ticks))] == [
            answer(tick) for tick in wanted
        ], each["name"]


def answer(tick: dict[str, Any]) -> dict[str, int]:
    """A tick of the official client in our units."""
    found = {"token": tick["instrument_token"], "ltp": paise(tick["last_price"]), "recv_us": 0}
    if "volume_traded" in tick:
        found["volume"] = tick["volume_traded"]
    if tick.get("exchange_timestamp"):
        at = datetime.fromisoformat(tick["exchange_timestamp"]).replace(tzinfo=IST)
        found["exch_us"] = int(at.timestamp()) * 1_000_000
    if "depth" in tick:
        bid, ask = tick["depth"]["buy"][0], tick["depth"]["sell"][0]
        found |= {"oi": tick["oi"], "bid": paise(bid["price"]), "ask": paise(ask["price"])}
        found |= {"bid_qty": bid["quantity"], "ask_qty": ask["quantity"]}
    return found


def paise(rupees: float) -> int:
    return int(np.floor(rupees * 100 + 0.5))

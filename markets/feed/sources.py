"""What the feed reads prices from, and recorded frames as such a source.

A frame file begins with FILE_MAGIC; a record is the time it came in (µs, int64), its length (uint32) and the
frame as the broker sent it, little-endian. A record that was being written when its writer died is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from markets.feed.ticks import Ticks, no_ticks
from qlplatform.core.errors import UserError

FILE_MAGIC = b"QLFRAME1"
RECORD = struct.Struct("<qI")
LONGEST = 16 * 2**20


class Polled(NamedTuple):
    """What came in since the last look: ticks in order of arrival, the number of frames (signs of life
    count), and what was wrong with frames, by code.
    """

    ticks: Ticks
    frames: int
    faults: Mapping[str, int]


NOTHING = Polled(no_ticks(), 0, {})

# frames of a broker and when each came in -> what they say
Decode = Callable[[Sequence[bytes], Sequence[int]], Polled]


class PriceSource(Protocol):
    """A stream of prices. Adapters bring one per broker; it keeps its connection by itself."""

    @property
    def name(self) -> str:
        """As people know it: kite."""

    @property
    def oi_in_contracts(self) -> bool:
        """Whether it counts open interest in contracts, not in units."""

    def tokens(self) -> Mapping[int, int]:
        """The instrument's key by the source's token, of all it is subscribed to."""

    def poll(self) -> Polled:
        """What came in since the last look. Never waits, never raises for bad data."""


class Frame(NamedTuple):
    """A frame and when it came in (µs since 1970, UTC)."""

    at_us: int
    data: bytes


def write_frames(file: BinaryIO, frames: Iterable[Frame]) -> None:
    """A frame file; append to one by leaving its magic where it is."""
    if file.tell() == 0:
        file.write(FILE_MAGIC)
    for frame in frames:
        file.write(RECORD.pack(frame.at_us, len(frame.data)) + frame.data)


def read_frames(path: Path) -> Iterator[Frame]:
    """The frames of a file, oldest first. Raises UserError `bad_frame_file` for another kind of file."""
    with path.open("rb") as file:
        if file.read(len(FILE_MAGIC)) != FILE_MAGIC:
            raise UserError(f"{path.name} holds no recorded frames.", code="bad_frame_file")
        while len(head := file.read(RECORD.size)) == RECORD.size:
            at_us, length = RECORD.unpack(head)
            data = file.read(length) if length <= LONGEST else b""
            if len(data) < length:
                return
            yield Frame(at_us, data)


class FrameFile:
    """Recorded frames as a source: `clock_us` tells how far to play them."""

    def __init__(
        self,
        name: str,
        frames: Iterable[Frame],
        decode: Decode,
        tokens: Mapping[int, int],
        clock_us: Callable[[], int],
    ) -> None:
        self.name, self.oi_in_contracts = name, False
        self._frames, self._decode, self._tokens, self._clock_us = iter(frames), decode, tokens, clock_us
        self._next = next(self._frames, None)

    def tokens(self) -> Mapping[int, int]:
        """The instrument's key by token."""
        return self._tokens

    @property
    def over(self) -> bool:
        """Whether all frames were told."""
        return self._next is None

    def poll(self) -> Polled:
        """The frames that are due by now."""
        due, now = [], self._clock_us()
        while self._next is not None and self._next.at_us <= now:
            due.append(self._next)
            self._next = next(self._frames, None)
        if not due:
            return NOTHING
        return self._decode([frame.data for frame in due], [frame.at_us for frame in due])

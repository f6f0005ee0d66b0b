"""What one socket has still to send. Facts wait in order; of the state only the newest values are kept."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from typing import Protocol

from qlplatform.core.live import Value

MAX_WAITING = 1_000_000  # characters; a reader that is further behind is closed (4008)

Frame = Callable[[dict[str, Value]], str]


class Stream(Protocol):
    """State of its own beside the values of the workspace, such as an option chain."""

    def frame_of(self, names: Collection[str], /) -> str:
        """A message with the newest values of these rows."""


class Outgoing:
    """Filled by the hub, emptied by the consumer's writer; a slow reader never blocks the hub."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.too_slow = False
        self._facts: deque[str] = deque()
        self._size = 0
        self._values: dict[str, Value] = {}
        self._frame = ""
        self._streams: dict[Stream, tuple[set[str], str]] = {}

    def put(self, text: str) -> None:
        """Queue a message that must arrive. A reader that is too slow gets no more: it will be closed."""
        if self.too_slow:
            return
        self._facts.append(text)
        self._size += len(text)
        self.too_slow = self._size > MAX_WAITING
        self.news.set()

    def merge(self, values: dict[str, Value], frame: str) -> None:
        """Queue changed values; `frame` is their message, shared by all sockets that are up to date."""
        self._frame = "" if self._values else frame
        self._values.update(values)
        self.news.set()

    def note(self, stream: Stream, names: set[str], frame: str) -> None:
        """Queue rows of a stream that changed; of what waits already the newest values will be sent."""
        waiting, _ = self._streams.get(stream, (set(), ""))
        self._streams[stream] = (waiting | names, "" if waiting else frame)
        self.news.set()

    def forget(self, stream: Stream) -> None:
        """Send nothing more of a stream."""
        self._streams.pop(stream, None)

    def nudge(self, text: str) -> None:
        """Queue a heartbeat, only if nothing else waits."""
        if not self._facts and not self._values and not self._streams:
            self.put(text)

    def take(self, frame_of: Frame) -> list[str]:
        """Everything that waits, facts first, the state as one message."""
        texts = list(self._facts)
        if self._values:
            texts.append(self._frame or frame_of(self._values))
        texts += [frame or stream.frame_of(names) for stream, (names, frame) in self._streams.items()]
        self._facts.clear()
        self._size, self._values, self._frame, self._streams = 0, {}, "", {}
        self.news.clear()
        return texts

"""Prices inside one host: the newest value of each market in a small file that every process maps into its
memory. No copying through a server, no waiting, and Redis may be away.

A file has a header and two slots. The writer fills the slot that is not the newest and then counts up: the
count says which slot is the newest one. A reader takes a copy and looks at the count again; when it has
moved, the copy may be torn and is taken anew. A writer that is killed while it writes leaves the other slot
as it was.

    0   magic    8  bytes a slot can hold    16  count (0 = nothing yet; slot = count % 2)
    64  slot 0: seq, length, data            then slot 1

A file is made under another name, filled, and moved into place, so that one that can be opened is whole. The
writer holds a lock on it for as long as it lives: that is how readers know it from a left-over.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import tempfile
import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import structlog
from django.conf import settings

from qlplatform.launcher.places import shared_folder

log = structlog.get_logger(__name__)

PRICES, ACK = "prices", "ack"
MAGIC = int.from_bytes(b"QLSHARE1", "little")
CAPACITY, COUNT = 1, 2  # words of the header; word 0 is the magic
HEADER, SLOT_HEADER, PAGE = 64, 16, 4096
TRIES = 1000

_fence_lock = threading.Lock()
_lock = threading.Lock()
_writers: dict[Path, Writer] = {}
_readers: dict[Path, Reader] = {}


@dataclass(frozen=True, slots=True)
class Held:
    """What shared memory holds of a market. `live`: its writer is still there, so nothing newer exists."""

    seq: int
    data: bytes
    live: bool


def write(market_id: int, seq: int, data: bytes, kind: str = PRICES) -> None:
    """Make `data` the newest value of a market. Raises OSError when shared memory cannot be used."""
    path = _path(market_id, kind)
    with _lock:
        writer = _writers.get(path)
        if writer is None or not writer.fits(data):
            _writers[path] = Writer(path, seq, data)
        else:
            writer.write(seq, data)


def read(market_id: int, kind: str = PRICES) -> Held | None:
    """The newest value of a market, None when this host has none. Never waits."""
    reader = _reader(_path(market_id, kind))
    found = reader.read() if reader else None
    return Held(*found, reader.live()) if reader and found else None


def newest_seq(market_id: int, kind: str = PRICES) -> int:
    """The `seq` of the newest value without its data, 0 when this host has none."""
    reader = _reader(_path(market_id, kind))
    return reader.seq() if reader else 0


def forget(market_id: int) -> None:
    """Remove what this host holds of a market that begins or has ended."""
    for kind in (PRICES, ACK):
        path = _path(market_id, kind)
        with _lock:
            _writers.pop(path, None)
            _readers.pop(path, None)
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def keep(market_ids: Collection[int]) -> None:
    """Let go of the files of all other markets; they stay for whoever else has them open."""
    wanted = {_path(pk, kind) for pk in market_ids for kind in (PRICES, ACK)}
    with _lock:
        for held in (_writers, _readers):
            for path in held.keys() - wanted:
                del held[path]


def sweep(market_ids: Collection[int]) -> None:
    """Remove the files of all other markets: left-overs of processes that were killed."""
    folder = _folder(settings.QL_REDIS_PREFIX)
    wanted = {_path(pk, kind).name for pk in market_ids for kind in (PRICES, ACK)}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted:
            with contextlib.suppress(OSError):
                path.unlink()


def _path(market_id: int, kind: str) -> Path:
    return _folder(settings.QL_REDIS_PREFIX) / f"{market_id}.{kind}"


_folder = cache(shared_folder)


def _reader(path: Path) -> Reader | None:
    """The open file at `path`, opened anew when another one has taken its place."""
    try:
        number = path.stat().st_ino
    except OSError:
        _readers.pop(path, None)
        return None
    reader = _readers.get(path)
    if reader is None or reader.number != number:
        try:
            reader = Reader(path)
        except (OSError, ValueError) as bad:
            log.warning("shared_prices.unreadable", path=str(path), error=str(bad))
            return None
        with _lock:
            _readers[path] = reader
    return reader


def _fence() -> None:
    """Everything before is done before anything after: processors other than x86 may swap stores otherwise.
    Releasing a lock and taking it again is the fence Python has.
    """
    with _fence_lock:
        pass
    with _fence_lock:
        pass


class Writer:
    """The file of one market, open for writing."""

    def __init__(self, path: Path, seq: int, data: bytes) -> None:
        self._path, self._capacity = path, -(-max(len(data), 1) // PAGE) * PAGE
        folder = _own_folder(path.parent)
        self._file, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=folder)
        try:
            size = HEADER + 2 * (SLOT_HEADER + self._capacity)
            os.ftruncate(self._file, size)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._map = mmap.mmap(self._file, size)
            self._words = memoryview(self._map).cast("Q")
            self._words[0], self._words[CAPACITY] = MAGIC, self._capacity
            self._number = os.fstat(self._file).st_ino
            self.write(seq, data)
            Path(name).replace(path)
        except BaseException:
            os.close(self._file)
            Path(name).unlink(missing_ok=True)
            raise

    def __del__(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            os.close(self._file)  # the lock goes with it

    def fits(self, data: bytes) -> bool:
        """Whether `data` has room and the file is still the one readers find."""
        try:
            return len(data) <= self._capacity and self._path.stat().st_ino == self._number
        except OSError:
            return False

    def write(self, seq: int, data: bytes) -> None:
        """Fill the slot nobody reads, then make it the newest."""
        count = self._words[COUNT] + 1
        at = HEADER + count % 2 * (SLOT_HEADER + self._capacity)
        self._words[at // 8], self._words[at // 8 + 1] = seq, len(data)
        self._map[at + SLOT_HEADER : at + SLOT_HEADER + len(data)] = data
        _fence()
        self._words[COUNT] = count
        _fence()


class Reader:
    """The file of one market, open for reading. ValueError for a file of another kind."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY)
        status = os.fstat(self._file)
        self.number = status.st_ino
        self._map = mmap.mmap(self._file, status.st_size, access=mmap.ACCESS_READ)
        self._words = memoryview(self._map).cast("Q")
        self._capacity = self._words[CAPACITY]
        if self._words[0] != MAGIC or status.st_size != HEADER + 2 * (SLOT_HEADER + self._capacity):
            raise ValueError("this is no file of shared prices")

    def __del__(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            os.close(self._file)

    def read(self) -> tuple[int, bytes] | None:
        """The newest (seq, data), never torn; None before the first."""
        for _ in range(TRIES):
            count = self._words[COUNT]
            if not count:
                return None
            _fence()
            at = HEADER + count % 2 * (SLOT_HEADER + self._capacity)
            seq, length = self._words[at // 8], self._words[at // 8 + 1]
            data = self._map[at + SLOT_HEADER : at + SLOT_HEADER + length]
            _fence()
            if self._words[COUNT] == count:
                return seq, data
        return None

    def seq(self) -> int:
        """The newest seq, 0 before the first."""
        for _ in range(TRIES):
            count = self._words[COUNT]
            _fence()
            seq = self._words[(HEADER + count % 2 * (SLOT_HEADER + self._capacity)) // 8]
            _fence()
            if self._words[COUNT] == count:
                return seq if count else 0
        return 0

    def live(self) -> bool:
        """Whether the writer is still there: then the file cannot be locked by anybody else."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # this file system has no such locks
            return False
        fcntl.flock(self._file, fcntl.LOCK_UN)
        return False


def _own_folder(folder: Path) -> Path:
    """The folder, made when missing. Shared memory is open to all users of a machine: OSError for a folder
    that somebody else made.
    """
    for place in (folder.parent, folder):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if place.stat().st_uid != os.geteuid():
            raise PermissionError(f"{place} belongs to another user")
    return folder

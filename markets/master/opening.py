"""Files as they arrive: plain, .gz, .zst or a .zip with one file in it, up to a size no master has."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any, cast

import pyarrow

from markets.master.rows import MasterUnreadable

LARGEST = 1_000_000_000  # bytes, unpacked: the largest masters have some ten million
LONGEST_LINE = 100_000  # bytes
_BLOCK = 1 << 20
_BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, pyarrow.ArrowInvalid)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file, uncompressed as its name says. MasterUnreadable when it is missing or damaged,
    also when that turns out while it is read.
    """
    try:
        with uncompressed(path) as stream:
            yield stream
    except _BROKEN as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise MasterUnreadable(f"{path.name} cannot be read: {reason}.") from None


def file_sha256(path: Path) -> str:
    """SHA-256 of the file as it is on disk. MasterUnreadable when it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as problem:
        raise MasterUnreadable(f"{path.name} cannot be read: {problem.strerror or problem}.") from None
    return digest.hexdigest()


@contextmanager
def uncompressed(path: Path) -> Iterator[IO[bytes]]:
    """As `opened`, with the errors of the system as they are."""
    with _unpacking(path) as file:
        yield _Lines(_Limited(file, path.name), _BLOCK)


class _Lines(io.BufferedReader):
    """A stream whose lines, taken one by one, have the length of lines: each is whole in memory."""

    def __next__(self) -> bytes:
        line = self.readline(LONGEST_LINE)
        if len(line) == LONGEST_LINE:
            raise MasterUnreadable(f"The file has a line of more than {LONGEST_LINE:,} bytes; no list has.")
        if not line:
            raise StopIteration
        return line


class _Limited(io.RawIOBase):
    """A stream that cannot be read beyond `LARGEST`: a few bytes of an archive may stand for endless ones."""

    def __init__(self, file: Any, name: str) -> None:
        self._file, self._name, self._left = file, name, LARGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count: int = self._file.readinto(buffer)
        self._left -= count
        if self._left < 0:
            raise MasterUnreadable(f"{self._name} is larger than {LARGEST:,} bytes, which no master is.")
        return count


def _unpacking(path: Path) -> AbstractContextManager[Any]:
    if path.suffix == ".zip":
        return _only_member(path)
    if path.suffix == ".gz":
        return gzip.open(path)
    if path.suffix == ".zst":
        return cast(
            "AbstractContextManager[Any]", pyarrow.CompressedInputStream(pyarrow.OSFile(str(path)), "zstd")
        )
    return path.open("rb")


@contextmanager
def _only_member(path: Path) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
        if len(names) != 1:
            raise MasterUnreadable(f"{path.name} holds {len(names)} files; unpack the one to import.")
        try:
            member = archive.open(names[0])
        except RuntimeError as problem:  # a password, or a compression Python does not know
            raise MasterUnreadable(f"{path.name} cannot be unpacked: {problem}.") from None
        with member:
            yield member

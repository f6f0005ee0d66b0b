"""Files as they arrive: plain, .gz, .zst or a .zip with one file in it."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import pyarrow

from markets.master.rows import MasterUnreadable

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
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(_only_member(archive, path)) as file:
            yield file
    elif path.suffix == ".gz":
        with gzip.open(path) as file:
            yield cast("IO[bytes]", file)
    elif path.suffix == ".zst":
        with io.BufferedReader(
            pyarrow.CompressedInputStream(pyarrow.OSFile(str(path)), "zstd"), _BLOCK
        ) as file:
            yield file
    else:
        with path.open("rb") as file:
            yield file


def _only_member(archive: zipfile.ZipFile, path: Path) -> str:
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    if len(names) != 1:
        raise MasterUnreadable(f"{path.name} holds {len(names)} files; unpack the one to import.")
    return names[0]

"""The files an import is given: Parquet and CSV, alone, compressed (.zst, .gz) or in a zip."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import IO

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from markets.session_files import SessionDataError
from markets.session_import.names import NameFacts, facts_of

PACKED = {".zst": "zstd", ".gz": "gzip"}
SUFFIXES = (".parquet", ".csv", ".txt")
LARGEST = 1 << 30  # bytes of one file once it is unpacked


@dataclass(frozen=True, slots=True)
class Input:
    """A file to import. `folders`: names of what it lies in, innermost first."""

    name: str
    folders: tuple[str, ...]
    read: Callable[[], bytes]

    @property
    def facts(self) -> NameFacts:
        """What its name tells."""
        return facts_of(PurePath(self.name).name.split(".")[0], self.folders)

    @property
    def is_parquet(self) -> bool:
        return self.name.lower().endswith(".parquet")

    def table(self) -> pa.Table:
        """Its rows; SessionDataError `unreadable_file`."""
        return parquet_table(self) if self.is_parquet else csv_table(self)


def inputs_of(paths: Iterable[Path]) -> Iterator[Input]:
    """Every file, those inside of zips one by one. Raises SessionDataError `unreadable_file`."""
    for path in paths:
        if not path.is_file():
            raise SessionDataError(f"There is no file {path}.", code="unreadable_file", file=str(path))
        around = (path.resolve().parent.name, path.resolve().parent.parent.name)
        if path.suffix.lower() == ".zip":
            yield from _members(path, (path.stem, *around))
        else:
            name = path.stem if path.suffix.lower() in PACKED else path.name
            yield Input(name, around, partial(_read, path))


def _members(path: Path, around: tuple[str, ...]) -> Iterator[Input]:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in sorted(archive.namelist(), key=_natural):
                inner = PurePath(member)
                if inner.suffix.lower() in SUFFIXES and "__MACOSX" not in inner.parts:
                    folders = (*reversed(inner.parts[:-1]), *around)
                    yield Input(inner.name, folders, partial(_unpacked, archive, member))
    except (zipfile.BadZipFile, OSError) as error:
        raise SessionDataError(
            f"{path} is no readable zip.", code="unreadable_file", file=str(path), reason=str(error)
        ) from error


def _unpacked(archive: zipfile.ZipFile, member: str) -> bytes:
    """A member of a zip. zipfile raises RuntimeError for one with a password or a packing it does not
    know.
    """
    try:
        with archive.open(member) as stream:
            return _limited(stream, member)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError) as error:
        raise SessionDataError(
            f"{member} cannot be unpacked: {error}.", code="unreadable_file", file=member, reason=str(error)
        ) from error


def _limited(stream: IO[bytes] | pa.NativeFile, name: str) -> bytes:
    """All of a stream; SessionDataError `file_too_large` beyond LARGEST."""
    data: bytes = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise SessionDataError(
            f"{name} is larger than {LARGEST >> 20} MiB once unpacked: split it by day.",
            code="file_too_large",
            file=name,
        )
    return data


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts 9_5 before 10_1."""
    parts, word = [], ""
    for character in name:
        if word and word[-1].isdecimal() != character.isdecimal():
            parts.append(word)
            word = ""
        word += character
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in [*parts, word] if part)


def _read(path: Path) -> bytes:
    packed = PACKED.get(path.suffix.lower())
    try:
        with pa.input_stream(str(path), compression=packed) as stream:
            return _limited(stream, path.name)
    except (pa.ArrowException, OSError) as error:
        raise SessionDataError(
            f"{path} cannot be read.", code="unreadable_file", file=str(path), reason=str(error)
        ) from error


def parquet_table(source: Input) -> pa.Table:
    """The rows of a Parquet file."""
    try:
        return pq.read_table(pa.BufferReader(source.read()))
    except (pa.ArrowException, OSError) as error:
        raise SessionDataError(
            f"{source.name} is not a readable Parquet file.",
            code="unreadable_file",
            file=source.name,
            reason=str(error),
        ) from error


def csv_table(source: Input) -> pa.Table:
    """The rows of a plain CSV with a header; times like 2022-06-08 09:15:00."""
    try:
        return pcsv.read_csv(pa.BufferReader(source.read()))
    except (pa.ArrowException, OSError) as error:
        raise SessionDataError(
            f"{source.name} is not a readable CSV.",
            code="unreadable_file",
            file=source.name,
            reason=str(error),
        ) from error

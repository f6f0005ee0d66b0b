"""The one form of a line of any instrument master, and the reading of delimited files into it.

A parser takes an open binary stream and yields one outcome for every line that holds something: a `MasterRow`
(usable), a `Skip` (a kind of instrument the platform has no use for) or a `Bad` (quarantined with a reason).
A file that is not what it claims to be raises `MasterUnreadable`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import IO, NamedTuple

from markets.master.values import RowProblem
from qlplatform.core.errors import UserError


class MasterUnreadable(UserError):
    """The file is not what its source publishes: nothing of it is used."""

    default_code = "master_unreadable"


class MasterRow(NamedTuple):
    """One listed instrument. Facts that a file does not state are None ("unknown"), never guessed.

    `underlying` is the exchange's own name (`markets.master.names.canonical`); of an index or a share it is
    the trading symbol. `symbol`, `token` and `segment` are what the file's publisher calls the instrument,
    `exchange_token` the exchange's number. `lot_size` and `freeze_qty` (the largest order) are units.
    """

    line: int
    exchange: str
    underlying: str
    kind: str
    expiry: date | None = None
    strike_paise: int | None = None
    lot_size: int | None = None
    tick_paise: int | None = None
    freeze_qty: int | None = None
    exchange_token: str = ""
    symbol: str = ""
    token: str = ""
    segment: str = ""
    name: str = ""


class Bad(NamedTuple):
    """A line that cannot be used: a stable code, the reason in plain words, and the line as it stands."""

    line: int
    code: str
    reason: str
    text: str


class Skip(NamedTuple):
    """A line that is fine and of no use here; `why` is a few words, the same for all lines of its kind."""

    line: int
    why: str


Outcome = MasterRow | Bad | Skip
Fields = dict[str, str]
Convert = Callable[[int, Fields], MasterRow | Skip]


def guarded(line: int, text: str, convert: Callable[[], MasterRow | Skip]) -> Outcome:
    """What `convert` makes of a line; its `RowProblem` becomes a `Bad`."""
    try:
        return convert()
    except RowProblem as problem:
        return Bad(line, problem.code, problem.reason, text)


class Reader:
    """Lines of a delimited text file as dictionaries by column name.

    Understood: byte order mark, UTF-8 or Latin-1 (line by line), trailing delimiters, blanks around values
    and headings, quoted values. `needs` are the columns without which the file cannot be used:
    MasterUnreadable names the missing ones. `columns` names the columns of a file that has no header. The
    first `preamble` lines stand before the header and are kept in the attribute of that name.
    """

    def __init__(
        self,
        stream: IO[bytes],
        *,
        needs: Sequence[str] = (),
        columns: Sequence[str] = (),
        delimiter: str = ",",
        preamble: int = 0,
    ) -> None:
        self.delimiter = delimiter
        self._lines = numbered_lines(stream)
        self.preamble = [text for _, (_, text) in zip(range(preamble), self._lines, strict=False)]
        self.columns = list(columns) or self._header()
        missing = [name for name in needs if name not in self.columns]
        if missing:
            found = ", ".join(self.columns[:12])[:200] or "nothing"
            raise MasterUnreadable(
                f"The file has no column {', '.join(missing)}. Its first line says: {found}."
            )

    def rows(self, convert: Convert) -> Iterator[Outcome]:
        """One outcome for each line that is not empty."""
        width = len(self.columns)
        for line, text in self._lines:
            try:
                values = self._values(text, width)
                yield convert(line, dict(zip(self.columns, values, strict=True)))
            except RowProblem as problem:
                yield Bad(line, problem.code, problem.reason, text)

    def records(self) -> Iterator[tuple[int, Fields | Bad]]:
        """The lines that are not empty as they are, for files that do not list instruments."""
        width = len(self.columns)
        for line, text in self._lines:
            try:
                yield line, dict(zip(self.columns, self._values(text, width), strict=True))
            except RowProblem as problem:
                yield line, Bad(line, problem.code, problem.reason, text)

    def _header(self) -> list[str]:
        _, text = next(self._lines, (0, ""))
        try:
            names = [name.strip() for name in self._split(text)]
        except RowProblem as problem:
            raise MasterUnreadable(f"The first line of the file cannot be read: {problem.reason}.") from None
        while names and not names[-1]:
            names.pop()
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise MasterUnreadable(f"The file has the column {', '.join(twice)} more than once.")
        return names

    def _values(self, text: str, width: int) -> list[str]:
        values = [value.strip() for value in self._split(text)]
        while len(values) > width and not values[-1]:
            values.pop()
        if len(values) != width:
            raise RowProblem("ragged", f"{len(values)} values where the header has {width}")
        return values

    def _split(self, text: str) -> list[str]:
        if "\0" in text:
            raise RowProblem("encoding", "zero bytes: no text in UTF-8 or Latin-1 (UTF-16, perhaps)")
        if '"' not in text:
            return text.split(self.delimiter)
        try:
            return next(csv.reader([text], delimiter=self.delimiter, strict=True))
        except csv.Error as problem:
            raise RowProblem("quotes", f"quotation marks do not match: {problem}") from None


def numbered_lines(stream: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Lines that are not empty, with their numbers from 1: UTF-8, else Latin-1, without byte order mark."""
    for number, raw in enumerate(stream, start=1):
        text = decoded(raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw).strip("\r\n")
        if text.strip():
            yield number, text


def decoded(raw: bytes) -> str:
    """UTF-8 or, failing that, Latin-1."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")

"""Elements of a JSON array that is too large to be read at once.

The array is the first one in the text, whatever object holds it. One element is in memory at a time, beside
the block it came in.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import IO, Any

from markets.master.rows import Bad, Convert, Fields, MasterUnreadable, Outcome
from markets.master.values import RowProblem

BLOCK = 1 << 18
LONGEST = 1 << 16  # characters of an element, and of what may stand before the array
SHOWN = 500
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_GAP = re.compile(r"[\s,]*")
_NEXT = re.compile(r"\}\s*,\s*(?=\{)")


class Element(dict[str, str]):
    """An object's values as text; what it lacks, and null, is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def json_rows(stream: IO[bytes], convert: Convert) -> Iterator[Outcome]:
    """One outcome for each element of the array, numbered from 1.

    Raises MasterUnreadable when there is no array or its end is missing: such a file was cut short.
    """
    text = _Text(stream)
    text.enter()
    for number, found in enumerate(text.elements(), start=1):
        if isinstance(found, str):
            yield Bad(number, "not_json", "no JSON object", found)
        else:
            yield _outcome(number, found, convert)


def _outcome(number: int, fields: Fields, convert: Convert) -> Outcome:
    try:
        return convert(number, fields)
    except RowProblem as problem:
        return Bad(number, problem.code, problem.reason, json.dumps(fields)[:SHOWN])


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    return "" if value is None else str(value)


class _Text:
    """The text of a stream of which a window is in memory; `at` is where reading goes on."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._window, self._at, self._ended = "", 0, False

    def enter(self) -> None:
        """Go behind the opening bracket of the first array."""
        self._fill()
        self._at = self._window.find("[", 0, LONGEST) + 1
        if not self._at:
            raise MasterUnreadable(f"The file holds no list; it begins with {self._window[:40]!r}.")

    def elements(self) -> Iterator[Fields | str]:
        """The objects of the array; what cannot be read as one comes as its text."""
        while True:
            self._fill()
            gap = _GAP.match(self._window, self._at)
            self._at = gap.end() if gap else self._at
            if self._window.startswith("]", self._at):
                return
            yield self._element()

    def _element(self) -> Fields | str:
        begin = self._at
        try:
            value, self._at = _DECODER.raw_decode(self._window, begin)
        except (ValueError, RecursionError):
            self._skip()
            return self._window[begin : begin + SHOWN]
        if not isinstance(value, dict):
            return self._window[begin : self._at][:SHOWN]
        return Element({str(name): _said(each) for name, each in value.items()})

    def _skip(self) -> None:
        """To the next object after one that cannot be read."""
        following = _NEXT.search(self._window, self._at, self._at + LONGEST)
        if following is None:
            raise MasterUnreadable("The list breaks off or cannot be read: the file was cut short.")
        self._at = following.end()

    def _fill(self) -> None:
        """Have the longest element in the window, unless the stream ends before."""
        while not self._ended and len(self._window) - self._at < LONGEST:
            raw = self._stream.read(BLOCK)
            self._ended = not raw
            self._window = self._window[self._at :] + self._decoder.decode(raw, final=self._ended)
            self._at = 0

"""Reading a strategy document from a request: bounded in size, numbers exactly as written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from qlplatform.core.errors import Malformed
from strategies.spec import SpecInvalid
from strategies.spec.text import MAX_BYTES

ENVELOPE = frozenset({"spec", "client_ref"})


class SpecParser(JSONParser):
    """JSON of at most 256 kB; fractions become Decimal, so 0.1 is a tenth."""

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise ParseError(f"The document is larger than {MAX_BYTES:,} bytes.")
        try:
            return json.loads(raw, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once)
        except RecursionError:
            raise ParseError("The document is nested too deeply.") from None
        except ValueError as error:
            raise ParseError(f"This is not JSON: {error}") from None


@dataclass(frozen=True, slots=True)
class Document:
    """A body: the spec itself, or `{"spec": …, "client_ref": …}`; `pointer` is where the spec is in it."""

    spec: Mapping[str, Any]
    client_ref: str = ""
    pointer: str = ""

    @contextmanager
    def judged(self) -> Iterator[None]:
        """Let the findings about the spec point into the body that was sent."""
        try:
            yield
        except SpecInvalid as invalid:
            findings = (replace(error, pointer=self.pointer + error.pointer) for error in invalid.errors)
            raise SpecInvalid(tuple(findings)) from None


def document_of(data: Any) -> Document:
    """The document in a request's data. Raises Malformed for neither form; the service judges the spec."""
    if not isinstance(data, Mapping):
        raise Malformed("Send the strategy as a JSON object.")
    if "spec" not in data:
        return Document(data)
    unknown = sorted(set(data) - ENVELOPE)
    spec, client_ref = data["spec"], data.get("client_ref", "")
    if unknown:
        raise Malformed(f"Beside “spec” there may be “client_ref”, not: {', '.join(unknown)[:80]}.")
    if not isinstance(spec, Mapping):
        raise Malformed("“spec” is a JSON object.")
    if not isinstance(client_ref, str) or len(client_ref) > 80 or not client_ref.isprintable():
        raise Malformed("“client_ref” is printable text of at most 80 characters.")
    return Document(spec, client_ref, "/spec")


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not a number that can be used")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a field is given twice in one object")
    return data

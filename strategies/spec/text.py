"""A specification as text: size and depth limits, and JSON read without losing a digit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from strategies.spec.errors import SpecError, SpecInvalid
from strategies.spec.model import Spec
from strategies.spec.parse import parse_spec

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 8


def parse_spec_text(text: str | bytes) -> Spec:
    """Read a specification from JSON text of at most 256 kB and 8 levels. Raises `SpecInvalid`."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    if len(raw) > MAX_BYTES:
        _refuse("too_large", f"The file has {len(raw):,} bytes; at most {MAX_BYTES:,} are allowed.")
    try:
        data = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_without_repeats,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_constant,
        )
    except RecursionError:
        _refuse("too_deep", f"The document is nested too deeply; {MAX_DEPTH} levels are allowed.")
    except UnicodeDecodeError:
        _refuse("not_utf8", "The file is not UTF-8 text; save it as UTF-8.")
    except json.JSONDecodeError as error:
        _refuse("not_json", f"This is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.")
    if _depth(data) > MAX_DEPTH:
        _refuse("too_deep", f"The document is nested too deeply; {MAX_DEPTH} levels are allowed.")
    return parse_spec(data)


def _refuse(code: str, message: str) -> NoReturn:
    raise SpecInvalid((SpecError("", code, message),))


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in pairs:
        if key in data:
            _refuse("duplicate_key", f"The field `{key[:40]}` is given twice in one object.")
        data[key] = value
    return data


def _number(text: str) -> Decimal | str:
    """The number as written; one beyond what Decimal holds stays text, which the parser then refuses in its
    place.
    """
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _no_constant(word: str) -> NoReturn:
    _refuse("not_a_number", f"{word} is not a number that can be used.")


def _depth(data: Any) -> int:
    """Levels of nesting; counted level by level, so that depth costs no recursion."""
    depth, level = 0, [data]
    while level:
        depth += 1
        level = [item for node in level for item in _items(node)]
    return depth


def _items(node: Any) -> Iterable[Any]:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()

"""The words of a rule's text, each with its place. Everything that is no word of the language ends here."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from strategies.rules.errors import RuleInvalid, refuse

MAX_BYTES: Final = 4096
MAX_DIGITS: Final = 15  # what a 64-bit float keeps

_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9.][0-9A-Za-z_.]*)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>"[^"'\r\n]*"|'[^"'\r\n]*')
      | (?P<op><=|>=|==|!=|[-+*/%<>(),=])""",
    re.VERBOSE | re.ASCII,
)
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+", re.ASCII)
_OTHERS: Final = {
    "&": "Write “and”.", "|": "Write “or”.", "!": "Write “not”, or “!=” for “differs from”.",
    "^": "There are no powers; multiply with *.", "[": "Use round brackets.", "]": "Use round brackets.",
    "{": "Use round brackets.", "}": "Use round brackets.", ";": "Join conditions with “and” or “or”.",
    "“": 'Use straight quotes: "5m".', "”": 'Use straight quotes: "5m".', "‘": 'Use straight quotes: "5m".',
    "’": 'Use straight quotes: "5m".', "×": "Write *.", "÷": "Write /.", "−": "Write -.", "–": "Write -.",
    "≤": "Write <=.", "≥": "Write >=.", "≠": "Write !=.", "\u00a0": "Use a plain space.",
}  # fmt: skip


class Token(NamedTuple):
    """`kind` is number, name, text, op or end; names are in lower case."""

    kind: str
    value: str
    at: int
    length: int


def tokenize(text: str) -> list[Token]:
    """The tokens of a text of at most 4 kB, closed by one of kind `end`. Raises RuleInvalid."""
    if not isinstance(text, str):
        raise refuse(0, 0, "not_text", "A rule is text.")
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise refuse(0, 0, "too_long", f"A rule has at most {MAX_BYTES:,} bytes.", "Split it.")
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        token = _next(text, at)
        at += token.length
        if token.kind != "space":
            tokens.append(token)
    return [*tokens, Token("end", "", len(text), 0)]


def _next(text: str, at: int) -> Token:
    found = _TOKEN.match(text, at)
    if found is None:
        raise _unknown(text, at)
    kind, value = str(found.lastgroup), found.group()
    length = len(value)
    if kind == "number":
        _check_number(value, at)
    elif kind == "name":
        value = value.lower()
    elif kind == "text":
        value = _inside(value, at)
    return Token(kind, value, at, length)


def _check_number(value: str, at: int) -> None:
    if value.startswith(".") and not value[1:2].isdigit():
        raise refuse(
            at, 1, "dot", "A dot has no meaning here.", 'Outputs are named in quotes: macd(close, "signal").'
        )
    if not _NUMBER.fullmatch(value):
        raise refuse(
            at,
            len(value),
            "number_invalid",
            f"“{value[:20]}” is not a number.",
            "Write it like 24000 or 0.5.",
        )
    if len(value.replace(".", "").strip("0")) > MAX_DIGITS or len(value) > 2 * MAX_DIGITS:
        raise refuse(at, len(value), "number_invalid", f"A number has at most {MAX_DIGITS} digits.")


def _inside(value: str, at: int) -> str:
    inner = value[1:-1]
    if not inner.isprintable():
        raise refuse(at, len(value), "character_unknown", "Quoted text must be printable.")
    return inner


def _unknown(text: str, at: int) -> RuleInvalid:
    char = text[at]
    if char in "\"'":
        return refuse(at, len(text) - at, "quote_open", "This quote is never closed.", f"Add {char}.")
    shown = f"“{char}”" if char.isprintable() else f"The character U+{ord(char):04X}"
    return refuse(at, 1, "character_unknown", f"{shown} has no meaning in a rule.", _OTHERS.get(char, ""))

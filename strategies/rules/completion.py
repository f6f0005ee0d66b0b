"""What may be typed next, for the editor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from strategies.rules.catalog import OPERATORS, WORDS, Kind, Word
from strategies.rules.timeframes import TIMEFRAMES, words
from strategies.rules.tokens import MAX_BYTES

_TOKEN: Final = re.compile(
    r"""[0-9.][0-9A-Za-z_.]*|[A-Za-z_][A-Za-z0-9_]*|"[^"']*"?|'[^"']*'?|<=|>=|==|!=|\S""", re.ASCII
)
_AFTER_OPERAND: Final = re.compile(r"""[0-9A-Za-z_.]+|"[^"']*"|'[^"']*'|\)""", re.ASCII)
_PART: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class Completion(NamedTuple):
    """A text to put in place of what is typed since `completion_start`, what it is and what it means."""

    text: str
    kind: str
    signature: str
    meaning: str


class _Place(NamedTuple):
    """Where the cursor is: what is typed of the current word, the calls around it, what is before it."""

    typed: str
    start: int
    calls: tuple[str, ...]
    before: str
    arguments: int


def completion_start(text: str, cursor: int) -> int:
    """Where the text to be replaced begins; it ends at the cursor."""
    return _place(text, cursor).start


def complete(text: str, cursor: int, legs: Iterable[str] = ()) -> list[Completion]:
    """What may stand at the cursor, those that begin like what is typed first. Any text is fine."""
    place = _place(text, cursor)
    if place.typed[:1] in {'"', "'"}:
        offers = _quoted(place, tuple(legs))
    elif _AFTER_OPERAND.fullmatch(place.before) and place.before not in OPERATORS:
        offers = _operators()
    else:
        offers = _operands(place)
    typed = place.typed.lower()
    return sorted(
        (each for each in offers if typed.strip("\"'") in each.text.lower()),
        key=lambda each: not each.text.lower().startswith(typed.replace("'", '"')),
    )


def _place(text: str, cursor: int) -> _Place:
    head = text[: min(max(cursor, 0), MAX_BYTES)]
    tokens = list(_TOKEN.finditer(head))
    typed, start = "", len(head)
    if tokens and tokens[-1].end() == len(head) and _unfinished(tokens[-1].group()):
        last = tokens.pop()
        typed, start = last.group(), last.start()
    calls: list[tuple[str, int]] = []
    before = ""
    for part in (match.group() for match in tokens):
        if part == "(":
            calls.append((before.lower() if _PART.fullmatch(before) else "", 0))
        elif part == ")" and calls:
            calls.pop()
        elif part == "," and calls:
            calls[-1] = (calls[-1][0], calls[-1][1] + 1)
        before = part
    return _Place(
        typed, start, tuple(name for name, _ in calls), before.lower(), calls[-1][1] if calls else 0
    )


def _unfinished(token: str) -> bool:
    """A word, or a quote that is still open."""
    return bool(_PART.fullmatch(token)) or (token[0] in "\"'" and (len(token) == 1 or token[-1] != token[0]))


def _quoted(place: _Place, legs: tuple[str, ...]) -> Iterator[Completion]:
    word = WORDS.get(place.calls[-1]) if place.calls else None
    if word is None:
        yield from _times()
        return
    if word.of_leg and place.arguments == 0:
        for leg in legs:
            yield Completion(f'"{leg}"', "leg", "", f"leg {leg}")
        return
    for output in word.outputs if len(word.outputs) > 1 else ():
        yield Completion(f'"{output}"', "output", word.signature, f"{output} of {word.name}")
    for name, minutes in TIMEFRAMES.items():
        yield Completion(f'"{name}"', "timeframe", "", f"{words(minutes)} candles")


def _times() -> Iterator[Completion]:
    for moment in ("09:15", "09:30", "10:00", "12:00", "14:30", "15:00"):
        yield Completion(f'"{moment}"', "time", "", "time of day, IST")


def _operators() -> Iterator[Completion]:
    for word in OPERATORS.values():
        if word.name != "not":
            yield Completion(word.name, word.kind, word.signature, word.meaning)


def _operands(place: _Place) -> Iterator[Completion]:
    around = WORDS.get(place.calls[-1]) if place.calls else None
    for param in around.params if around and place.arguments else ():
        yield Completion(f"{param.name}=", "parameter", around.signature if around else "", param.meaning)
    for word in WORDS.values():
        yield Completion(_inserted(word), word.kind, word.signature, word.meaning)
    if not place.calls or not place.calls[-1]:
        word = OPERATORS["not"]
        yield Completion(word.name, word.kind, word.signature, word.meaning)


def _inserted(word: Word) -> str:
    """The word as it is put into the text: with an open bracket when it needs arguments."""
    needs = word.of_leg or word.kind in {Kind.INDICATOR, Kind.WINDOW, Kind.MATH}
    return f"{word.name}(" if needs else word.name

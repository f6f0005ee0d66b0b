"""A rule as it was written: what the parser gives and the checker reads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    at: int
    length: int
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """Something in quotes: a timeframe, a leg, an output, a time of day."""

    at: int
    length: int
    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """A name, with arguments or bare."""

    at: int
    length: int
    name: str
    args: tuple[Tree, ...] = ()
    keywords: tuple[Keyword, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """`op` is written as in the text; `neg` is the sign before one operand."""

    at: int
    length: int
    op: str
    args: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Keyword:
    at: int
    length: int
    name: str
    value: Tree


Tree = Number | Text | Call | Operation

"""Reading untrusted JSON values field by field while collecting every finding.

A reader never raises on bad input: it records a finding and returns a harmless stand-in of the right type, so
that the rest of the document is read too. Callers build nothing from the values unless `Findings` stayed
empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, TypeVar

from strategies.spec.errors import SpecError
from strategies.spec.vocabulary import LATER_VALUES

E = TypeVar("E", bound=StrEnum)

_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?", re.ASCII)
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(:([0-5][0-9]))?", re.ASCII)
_MAX_DECIMALS: Final = 20
_MAX_FINDINGS: Final = 50
_MISSING: Final = object()


@dataclass(slots=True)
class Findings:
    errors: list[SpecError] = field(default_factory=list)

    def add(self, pointer: str, code: str, message: str) -> None:
        """Keep a finding; beyond the first fifty a document is refused without more words."""
        if len(self.errors) < _MAX_FINDINGS:
            self.errors.append(SpecError(pointer, code, message))

    def clean(self, *pointers: str) -> bool:
        """True when nothing was found at or below any of `pointers`."""
        return not any(
            error.pointer == pointer or error.pointer.startswith(pointer + "/")
            for error in self.errors
            for pointer in pointers
        )


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the document, its place, and where findings about it go."""

    value: Any
    pointer: str
    findings: Findings

    @property
    def missing(self) -> bool:
        return self.value is _MISSING

    def fault(self, code: str, message: str) -> None:
        self.findings.add(self.pointer, code, message)

    def child(self, key: str | int) -> Node:
        """The field `key` of an object or item of a list; a missing one is a node that is `missing`."""
        pointer = f"{self.pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
        if isinstance(self.value, Mapping):
            return Node(self.value.get(key, _MISSING), pointer, self.findings)
        items = self.value if isinstance(self.value, list | tuple) else ()
        inside = isinstance(key, int) and key < len(items)
        return Node(items[key] if inside else _MISSING, pointer, self.findings)  # type: ignore[index]

    def present(self, hint: str) -> bool:
        if self.missing:
            self.fault("required", f"This field is required: {hint}.")
        return not self.missing

    def is_object(self, known: Sequence[str], later: frozenset[str] = frozenset()) -> bool:
        """Check that this is an object with known keys only. `later` are words of coming versions."""
        if not isinstance(self.value, Mapping):
            self.fault("type", f"Expected an object with {_listed(known)}.")
            return False
        for key in self.value:
            if key not in known:
                self._unknown(str(key), known, later)
        return True

    def _unknown(self, key: str, known: Sequence[str], later: frozenset[str]) -> None:
        node = self.child(key)
        if key in later:
            node.fault(
                "not_supported_yet",
                f"`{key}` belongs to a later version of the strategy language; remove it.",
            )
        else:
            node.fault("unknown_field", f"`{key[:40]}` is not a field here. Allowed: {_listed(known)}.")

    def choice(self, kind: type[E], default: E | None = None, *, field_name: str = "") -> E:
        """One word of `kind`; a missing field is `default`, or a finding when there is none."""
        words = [str(word) for word in kind]
        stand_in = default if default is not None else next(iter(kind))
        if self.missing and default is not None:
            return default
        if not self.present(f"one of {_listed(words)}"):
            return stand_in
        if isinstance(self.value, str) and self.value in words:
            return kind(self.value)
        if isinstance(self.value, str) and self.value in LATER_VALUES.get(field_name, frozenset()):
            text = f"{self.value} belongs to a later version of the strategy language. Now: {_listed(words)}."
            self.fault("not_supported_yet", text)
        else:
            self.fault("choice", f"Must be one of {_listed(words)}.")
        return stand_in

    def text(self, *, pattern: str, hint: str) -> str:
        if not self.present(hint):
            return ""
        if (
            not isinstance(self.value, str)
            or re.fullmatch(pattern, self.value) is None
            or not self.value.isprintable()
        ):
            self.fault("format", f"Must be {hint}.")
            return ""
        return self.value

    def clock(self) -> time:
        """A wall time of the exchange, HH:MM or HH:MM:SS."""
        hint = "a time like 09:20 or 09:20:00"
        if not self.present(hint):
            return time()
        match = _TIME.fullmatch(self.value) if isinstance(self.value, str) else None
        if match is None:
            self.fault("format", f"Must be {hint} (24-hour clock).")
            return time()
        return time(int(match[1]), int(match[2]), int(match[4] or 0))

    def number(self, *, low: str, high: str, decimals: int, above: bool = False) -> Fraction:
        """An exact number from a JSON number or a decimal string, as it is written (0.1 is one tenth).

        Allowed are `low` (excluded when `above`) to `high` with at most `decimals` decimals.
        """
        bounds = f"{'above' if above else 'from'} {low} {'up ' if above else ''}to {high}"
        hint = f"a number {bounds}" + (
            f" with at most {decimals} decimals" if decimals else " without decimals"
        )
        if not self.present(hint):
            return Fraction(1)
        exact = _exact(self.value)
        if exact is None:
            self.fault("type", f"Must be {hint}.")
            return Fraction(1)
        number = Fraction(exact)
        if not Fraction(low) <= number <= Fraction(high) or (above and number == Fraction(low)):
            self.fault("range", f"Must be {hint}.")
        elif (number * 10**decimals).denominator != 1:
            self.fault("precision", f"Must be {hint}.")
        else:
            return number
        return Fraction(1)

    def integer(self, *, low: int, high: int, default: int | None = None) -> int:
        if self.missing and default is not None:
            return default
        return int(self.number(low=str(low), high=str(high), decimals=0))


def _exact(value: Any) -> Decimal | None:
    """The value as written, or None when it is not a finite number of sane size."""
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    # Bounded before it is turned to text: Python refuses to print integers of thousands of digits.
    if (isinstance(value, Decimal) and not value.is_finite()) or not -(10**12) < value < 10**12:
        return None
    exact = Decimal(str(value))
    # An exponent of minus a million is small as text and enormous as a fraction.
    exponent = exact.as_tuple().exponent
    return exact if isinstance(exponent, int) and exponent >= -_MAX_DECIMALS else None


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)

"""What is wrong with a rule: each finding with its place in the text, a code, a sentence and a way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import ClassVar

from qlplatform.core.errors import UserError


@dataclass(frozen=True, slots=True)
class RuleError:
    """One finding: characters `position` to `position + length` of the text, counted from 0.

    `suggestion` says what to write instead; empty when the message says it all.
    """

    position: int
    length: int
    code: str
    message: str
    suggestion: str = ""


class RuleInvalid(UserError):  # noqa: N818 - named like the other outcomes of core.errors
    """The text is no rule; `errors` holds the findings in the order of the text, at least one."""

    default_code: ClassVar[str] = "rule_invalid"

    def __init__(self, errors: Iterable[RuleError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.position))
        found = "; ".join(f"at {error.position + 1}: {error.message}" for error in self.errors[:3])
        super().__init__(
            f"The rule cannot be used as it stands. {found}", errors=[asdict(error) for error in self.errors]
        )


def refuse(position: int, length: int, code: str, message: str, suggestion: str = "") -> RuleInvalid:
    """The exception of a single finding."""
    return RuleInvalid([RuleError(position, length, code, message, suggestion)])


def nearest(word: str, known: Iterable[str]) -> str:
    """“Did you mean …?” for a word that is not known; empty when none is near."""
    words = {each.lower(): each for each in known}
    found = get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    return f"Did you mean “{words[found[0]]}”?" if found else ""

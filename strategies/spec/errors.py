"""What is wrong with a specification: all findings at once, each with its place, code and a sentence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import ClassVar

from qlplatform.core.errors import UserError


@dataclass(frozen=True, slots=True)
class SpecError:
    """One finding. `pointer` is a JSON pointer (RFC 6901) into the document that was read."""

    pointer: str
    code: str
    message: str


class SpecInvalid(UserError):  # noqa: N818 - named like the other outcomes of core.errors
    """The specification cannot be used; `errors` holds all findings in document order."""

    default_code: ClassVar[str] = "spec_invalid"

    def __init__(self, errors: tuple[SpecError, ...]) -> None:
        lines = "; ".join(f"{error.pointer or '/'}: {error.message}" for error in errors)
        super().__init__(
            f"The strategy cannot be used as it stands. {lines}", errors=[asdict(error) for error in errors]
        )
        self.errors = errors

"""Looking up a dated fact: the row in force on a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NoReturn, Protocol, TypeVar

from qlplatform.core.errors import UserError


class Dated(Protocol):
    """A row that holds from one date to another, both included; no end = still in force."""

    @property
    def effective_from(self) -> date: ...

    @property
    def effective_to(self) -> date | None: ...


R = TypeVar("R", bound=Dated)


def in_force(row: Dated, on: date) -> bool:
    """Whether `row` holds on `on`."""
    return row.effective_from <= on and (row.effective_to is None or on <= row.effective_to)


def newest(rows: Iterable[R], on: date) -> R | None:
    """The row in force on `on`; of several the one that started last, so that a correction may overlap what
    it corrects.
    """
    return max((row for row in rows if in_force(row, on)), key=lambda row: row.effective_from, default=None)


def fact_missing(subject: str, field: str, on: date) -> NoReturn:
    """Raise UserError `fact_missing`: the platform does not guess market facts."""
    raise UserError(
        f"No {field} of {subject} is known for {on:%d %b %Y}. Add the fact with its source in the admin, "
        "under Markets.",
        code="fact_missing",
        subject=subject,
        field=field,
        date=on.isoformat(),
    )

"""Days and instants in a query: within the years an exchange's data can be of, so that no sum leaves them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from django.utils.dateparse import parse_datetime

from qlplatform.core.errors import Malformed

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199


def day_asked(asked: Mapping[str, str], name: str) -> date | None:
    """The day of a parameter, None when it is left out; Malformed `bad_date`."""
    text = asked.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Malformed(
            f"“{name}” is a day like 2026-11-23, of the years {FIRST_YEAR} to {LAST_YEAR}.", code="bad_date"
        )
    return day


def instant_asked(asked: Mapping[str, str], name: str) -> datetime:
    """The instant of a parameter in UTC; Malformed `bad_time`, also when it is left out."""
    try:
        at = parse_datetime(asked.get(name, ""))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Malformed(
            f"“{name}” is a time like 2024-01-10T03:45:00Z, of the years {FIRST_YEAR} to {LAST_YEAR}.",
            code="bad_time",
        )
    return at.astimezone(UTC)

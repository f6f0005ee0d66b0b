"""Time. `wall()` is the only place that reads the system clock; trading code is given a `Clock`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

IST = ZoneInfo("Asia/Kolkata")


class Clock(Protocol):
    """Something that knows what time it is; the answer is aware and in UTC."""

    def now(self) -> datetime: ...


class RealClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock:
    """Stands still until told to move: tests, and the clock of a replay."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Move to `at` (aware); raises ValueError for a naive time."""
        if at.tzinfo is None:
            raise ValueError("A clock needs an aware time; this one has no time zone.")
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> datetime:
        """Move on by `by` and tell the new time."""
        self._at += by
        return self._at


_clock: Clock = RealClock()


def wall() -> datetime:
    """Now, aware, UTC: for audit, sign-in, leases and retries. Trading uses its market's time instead."""
    return _clock.now()


@contextmanager
def frozen(at: datetime) -> Iterator[FrozenClock]:
    """Freeze `wall()` for the whole process, all threads, in tests; the clock given can be advanced."""
    global _clock  # noqa: PLW0603
    before, clock = _clock, FrozenClock(at)
    _clock = clock
    try:
        yield clock
    finally:
        _clock = before

"""File locks. The kernel drops them with their process, so a killed one leaves nothing stale behind."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def locked(path: Path) -> Iterator[IO[str]]:
    """Hold `path` alone, waiting for whoever has it."""
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def share(file: IO[str]) -> None:
    """Hold `file` together with others."""
    fcntl.flock(file, fcntl.LOCK_SH)


def take_alone(file: IO[str]) -> bool:
    """Try to hold `file` alone, at once; false when somebody else holds it, and then a shared hold is given
    up too.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

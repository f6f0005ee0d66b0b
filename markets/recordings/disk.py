"""Room on the disk for recordings."""

from __future__ import annotations

import shutil
from enum import StrEnum
from pathlib import Path

import structlog
from django.conf import settings

from markets.services.health import data_alert

log = structlog.get_logger(__name__)
MIB = 1 << 20
STOP_SHARE = 10  # recording stops at a tenth of what counts as low


class Room(StrEnum):
    """How much is left."""

    ENOUGH = "enough"
    LOW = "low"
    FULL = "full"


def free_bytes(folder: Path) -> int:
    """What is free where `folder` is or will be."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(there).free


def room(free: int) -> Room:
    """LOW below QL_DISK_LOW_MB, FULL below a tenth of that."""
    low = settings.QL_DISK_LOW_MB * MIB
    return Room.FULL if free < low // STOP_SHARE else Room.LOW if free < low else Room.ENOUGH


class DiskWatch:
    """Tells once when room gets low and once when it is gone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._said = Room.ENOUGH

    def look(self) -> Room:
        """How much room there is; an alert when it has become less."""
        free = free_bytes(self._folder)
        now = room(free)
        if now != self._said and now is not Room.ENOUGH:
            what = "is stopped" if now is Room.FULL else "goes on"
            data_alert(
                code=f"disk_{now}",
                source="recording",
                text=f"Only {free // MIB} MB are free in {self._folder}: recording of the session {what}.",
            )
        self._said = now
        return now

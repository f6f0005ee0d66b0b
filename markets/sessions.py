"""Recorded sessions: the sets bundled with the project, one's own, made-up ones, and what was recorded live.

A set is a folder with `options.parquet` and `index.parquet` (see `session_loading` for their columns) and, if
the platform wrote it, a `session.json` that says what it holds and where that came from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

from markets.domain.sessions import ContractKey, Session
from markets.session_files import SessionDataError, dates_of, open_parquet, require_columns
from markets.session_loading import REQUIRED, load_session

__all__ = [
    "ContractKey",
    "Session",
    "SessionDataError",
    "SessionSource",
    "bundled_sources",
    "load_session",
    "own_folder",
    "recordings_folder",
    "session_source",
    "session_sources",
]

log = structlog.get_logger(__name__)
OPTIONS, INDEX, MANIFEST = "options.parquet", "index.parquet", "session.json"
BUNDLED, OWN, RECORDED, SYNTHETIC = "bundled", "own", "recorded", "synthetic"


@dataclass(frozen=True, slots=True)
class SessionSource:
    """A stored set of recorded sessions of one underlying. `daily`: it keeps each day in a folder of its own,
    named like the day, beside which `options` and `index` would lie.
    """

    name: str
    underlying: str
    options: Path
    index: Path
    days: tuple[date, ...]
    origin: str = OWN
    daily: bool = False

    @property
    def made_up(self) -> bool:
        """Whether its prices never were."""
        return self.origin == SYNTHETIC

    def files(self, day: date) -> tuple[Path, Path]:
        """The options and the index file that hold a day."""
        if not self.daily:
            return self.options, self.index
        folder = self.options.parent / day.isoformat()
        return folder / self.options.name, folder / self.index.name

    def load(self, day: date) -> Session:
        """One of its days."""
        options, index = self.files(day)
        return load_session(options=options, index=index, day=day, underlying=self.underlying)


def own_folder() -> Path:
    """Where sets of one's own lie."""
    return Path(settings.VAR_DIR) / "sessions"


def recordings_folder() -> Path:
    """Where live sessions are recorded: market / underlying / day."""
    return Path(settings.VAR_DIR) / "data" / "recordings"


def session_sources() -> dict[str, SessionSource]:
    """Every set that can be replayed, by name: bundled, own, recorded live; of one name the first counts."""
    found = dict(bundled_sources())
    for source in (*_own(), *_recorded()):
        found.setdefault(source.name, source)
    return found


@cache
def bundled_sources() -> dict[str, SessionSource]:
    """The session sets that ship with the project, by name; a folder `nifty_2022-06` holds NIFTY's."""
    folders = sorted(
        path.parent for path in (Path(settings.BASE_DIR) / "data" / "sessions").glob(f"*/{OPTIONS}")
    )
    return {folder.name: _bundled(folder) for folder in folders}


def _bundled(folder: Path) -> SessionSource:
    return session_source(
        name=folder.name,
        underlying=folder.name.split("_")[0].upper(),
        options=folder / OPTIONS,
        index=folder / INDEX,
        origin=BUNDLED,
    )


def session_source(
    *, name: str, underlying: str, options: Path, index: Path, origin: str = OWN
) -> SessionSource:
    """A set of one's own files; its days are those of the options file. Raises SessionDataError for unusable
    files.
    """
    data = open_parquet(options)
    require_columns(data, options, REQUIRED)
    return SessionSource(name, underlying, options, index, dates_of(data), origin)


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """What a set says of itself; None without a readable manifest."""
    try:
        found = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        log.warning("session_set.unreadable", folder=str(folder))
        return None
    return found if isinstance(found, dict) else None


def _own() -> Iterator[SessionSource]:
    for path in sorted(own_folder().glob(f"*/{MANIFEST}")):
        said = None if path.parent.name.startswith(".") else manifest_of(path.parent)
        if said is not None:
            yield SessionSource(
                name=path.parent.name,
                underlying=said["underlying"],
                options=path.parent / OPTIONS,
                index=path.parent / INDEX,
                days=tuple(date.fromisoformat(day) for day in said["days"]),
                origin=SYNTHETIC if said.get("origin") == SYNTHETIC else OWN,
            )


def _recorded() -> Iterator[SessionSource]:
    """The closed days of every market and underlying: `recorded_nifty`."""
    for folder in sorted(recordings_folder().glob("live/*/")):
        days = tuple(date.fromisoformat(path.parent.name) for path in sorted(folder.glob(f"*/{MANIFEST}")))
        if days:
            yield SessionSource(
                name=f"recorded_{folder.name.lower()}",
                underlying=folder.name,
                options=folder / OPTIONS,
                index=folder / INDEX,
                days=days,
                origin=RECORDED,
                daily=True,
            )

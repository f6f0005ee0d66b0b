"""What a prepared database depends on, as one hash: migrations, seed data, seed code, pinned packages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from qlplatform.launcher.places import PROJECT

_SCHEMA = (
    "requirements.txt",
    "*/migrations/*.py",
    "qlplatform/*/migrations/*.py",
    "*/seeding*.py",
    "qlplatform/*/seeding*.py",
    "qlplatform/core/rls.py",
    "qlplatform/core/management/commands/*.py",
    "data/market/**/*",
    "marketplace/library.py",
)
_STATIC = ("requirements.txt", "static/**/*")


def schema_fingerprint() -> str:
    """Changes when a migrated and seeded database would come out differently."""
    return _hash(_SCHEMA)


def static_fingerprint() -> str:
    """Changes when the collected static files would come out differently."""
    return _hash(_STATIC)


def _hash(patterns: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in PROJECT.glob(pattern) if path.is_file()}):
        if "__pycache__" not in path.parts:
            _add(digest, path)
    return digest.hexdigest()[:16]


def _add(digest: hashlib._Hash, path: Path) -> None:
    digest.update(f"{path.relative_to(PROJECT)}\0".encode())
    digest.update(path.read_bytes())

"""Secrets this installation makes for itself: random, one file each, readable by its owner only."""

from __future__ import annotations

import json
import os
import secrets
import threading
from pathlib import Path

from qlplatform.launcher.places import var


def local_secret(name: str) -> str:
    """The secret called `name`, made at the first call: 43 random characters safe in URLs."""
    path = _path(name)
    if not path.exists():
        _create(path, secrets.token_urlsafe(32))
    return path.read_text().strip()


def remember(name: str, values: dict[str, str]) -> None:
    """Keep `values` as JSON in the secret file `name`, replacing what was there."""
    path = _path(name)
    _written_beside(path, json.dumps(values, indent=1)).replace(path)


def recall(name: str) -> dict[str, str]:
    """What was remembered under `name`; empty when nothing was, or the file cannot be read."""
    try:
        found: dict[str, str] = json.loads(_path(name).read_text())
    except (OSError, ValueError):
        return {}
    return found


def _path(name: str) -> Path:
    path = var("secrets", name)
    path.parent.chmod(0o700)
    return path


def _create(path: Path, text: str) -> None:
    """Of two processes that race, both go on with the same file."""
    beside = _written_beside(path, text)
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _written_beside(path: Path, text: str) -> Path:
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return beside

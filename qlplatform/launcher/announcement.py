"""Tells the person at the terminal when the platform is ready, where it is, and how to sign in."""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request

from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.manage import manage
from qlplatform.launcher.places import var
from qlplatform.launcher.secret_files import recall
from qlplatform.launcher.services import Services

DEMO_USER = "demo@example.com"
ROLES_TO_WAIT_FOR = "feed,engine,venue,relay"
PATIENCE_S = 90


def say(text: str) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Announcement:
    """Asks /readyz at each turn until everything is ready, then says so, once."""

    def __init__(self, services: Services, port: int) -> None:
        self.services, self.port = services, port
        self.started, self.done, self.warned = time.monotonic(), False, False

    def turn(self) -> None:
        """Called by the supervisor a few times a second."""
        if self.done:
            return
        missing = self._missing()
        if not missing:
            self.done = True
            self._announce()
        elif not self.warned and time.monotonic() - self.started > PATIENCE_S:
            self.warned = True
            say(f"Not ready yet: {missing}. The logs in {var('log')} say why; still trying.")

    def _missing(self) -> str:
        """What is not ready, in words; empty when all is."""
        url = f"http://127.0.0.1:{self.port}/readyz?roles={ROLES_TO_WAIT_FOR}"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - a loopback address of ours
                return ""
        except urllib.error.HTTPError as answer:
            return _words(answer.read())
        except OSError:
            return "pages"

    def _announce(self) -> None:
        say(f"\nReady {_ages()}.\n\n  QL Platform   http://localhost:{self.port}")
        if link := self._signin_path():
            say(f"  Sign in       http://localhost:{self.port}{link}  (works once, for 15 minutes)")
        for email, password in recall("demo.json").items():
            say(f"  or as         {email}  with password  {password}")
        say("\nPress Ctrl-C to stop. Paper trading only: no order leaves this machine.")

    def _signin_path(self) -> str:
        env = {
            "DATABASE_URL": self.services.database_url,
            "REDIS_URL": self.services.redis_url,
            "QL_DB_POOL": "0",
        }
        try:
            return manage("signin_link", "--user", DEMO_USER, env=env).strip()
        except LauncherError:
            return ""  # no demo users here


def _words(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return "pages"
    away = [name for name in ("database", "redis") if answer.get(name) != "ok"]
    return ", ".join([*away, *answer.get("missing", [])]) or "pages"


def _ages() -> str:
    """Seconds since `bin/run` was called and since its downloads ended; it passes both moments on."""
    now = time.time()
    began, downloaded = float(os.environ["QL_BEGAN"]), float(os.environ["QL_DOWNLOADED"])
    return f"after {now - began:.0f} s ({now - downloaded:.0f} s after the downloads ended)"

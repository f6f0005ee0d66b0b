"""Role `venue` as a real process on the test database, to be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from brokers.sandbox import wire

ROOT = Path(__file__).resolve().parents[3]
START_S = 30.0


class VenueProcess:
    """`manage.py run_venue --scenarios` on a port of its own, the same after each start."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "manage.py", "run_venue", "--scenarios", "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL)  # noqa: S603
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert self._process.poll() is None, "the venue ended at its start"
            assert time.monotonic() < deadline, "the venue did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ask it to end, as the supervisor does; its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=10)

    def close(self) -> None:
        """Leave nothing running."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def next_order(self, account_ref: str, **scenario: Any) -> None:
        """How the next order of the account is treated."""
        body = json.dumps({"account": account_ref, **scenario}).encode()
        headers = {wire.TOKEN_HEADER: wire.venue_token()}
        request = urllib.request.Request(f"{self.url}/scenario", body, headers)  # noqa: S310 (loopback)
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()  # noqa: S310
        except OSError:
            return False
        return True


def _environment() -> dict[str, str]:
    database = connection.settings_dict
    user = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "qlplatform.settings.dev",  # the settings of the tests know no DATABASE_URL
        "DATABASE_URL": f"postgres://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "QL_REDIS_PREFIX": settings.QL_REDIS_PREFIX,
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,  # the token of the venue comes from it
    }

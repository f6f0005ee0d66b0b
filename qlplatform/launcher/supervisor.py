"""Keeps the roles running: restarts the dead with a growing pause, tells var/status.json, stops all at the
end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from qlplatform.core.clock import wall
from qlplatform.launcher.places import var
from qlplatform.launcher.procfile import Role
from qlplatform.launcher.role_process import start, stop_groups

PAUSES_S = (1, 2, 4, 8, 15, 30)
WELL_AFTER_S = 60  # a role that ran this long starts again with the shortest pause
TURN_S = 0.2


@dataclass(slots=True)
class Watched:
    """A role and the process it has now."""

    role: Role
    process: subprocess.Popen[bytes]
    since: str
    started: float
    restarts: int = 0
    quick_deaths: int = 0
    due: float | None = None  # when to start it again; None while it runs


class Supervisor:
    """Starts `roles` in processes of their own and looks after them until told to stop."""

    def __init__(self, roles: list[Role]) -> None:
        self.stopping = False
        self.watched = [Watched(role, start(role), wall().isoformat(), time.monotonic()) for role in roles]
        self._tell()

    def watch(self, each_turn: Callable[[], object] = lambda: None) -> None:
        """Look after the roles until SIGINT or SIGTERM, calling `each_turn` five times a second."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop_signal)
        try:
            while not self.stopping:
                self.look_at_all()
                each_turn()
                time.sleep(TURN_S)
        finally:
            self.stop()

    def stop(self) -> None:
        """SIGTERM to every role, SIGKILL to what is left of them after 10 s."""
        stop_groups([each.process.pid for each in self.watched if each.due is None])
        for each in self.watched:
            each.process.wait()
        var("status.json").unlink(missing_ok=True)

    def look_at_all(self) -> bool:
        """One turn: restart what is due, tell when something has changed (true)."""
        changed = any([self._look_at(each) for each in self.watched])
        if changed:
            self._tell()
        return changed

    def _look_at(self, each: Watched) -> bool:
        """Note a death, or start again when its pause is over; true when something changed."""
        now = time.monotonic()
        if each.due is None and each.process.poll() is not None:
            each.quick_deaths = 0 if now - each.started > WELL_AFTER_S else each.quick_deaths + 1
            each.due = now + PAUSES_S[min(each.quick_deaths, len(PAUSES_S) - 1)]
            stop_groups([each.process.pid], within_s=1)  # what the dead role has left behind
        elif each.due is not None and now >= each.due:
            each.process, each.started, each.since = start(each.role), now, wall().isoformat()
            each.restarts, each.due = each.restarts + 1, None
        else:
            return False
        return True

    def _tell(self) -> None:
        rows = [
            {
                "role": each.role.name,
                "pid": each.process.pid,
                "since": each.since,
                "restarts": each.restarts,
                "state": "running"
                if each.due is None
                else f"ended with {each.process.returncode}, starts again",
            }
            for each in self.watched
        ]
        beside = var("status.json.new")
        beside.write_text(json.dumps({"supervisor": os.getpid(), "roles": rows}, indent=1))
        beside.replace(var("status.json"))

    def _stop_signal(self, *_: object) -> None:
        self.stopping = True

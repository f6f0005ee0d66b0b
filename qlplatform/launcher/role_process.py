"""A role's process: it leads a group of its own, so that a stop reaches the workers it has started, too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress

import psutil

from qlplatform.launcher.places import PROJECT, var
from qlplatform.launcher.procfile import Role

STOP_WITHIN_S = 10


def start(role: Role) -> subprocess.Popen[bytes]:
    """Start the role; what it writes goes to var/log/<role>.log."""
    with var("log", f"{role.name}.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603
            role.command,
            env={**os.environ, **role.env},
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def rotate_logs(roles: list[Role]) -> None:
    """At the start of the platform: keep what the last run wrote as <role>.log.1."""
    for role in roles:
        log = var("log", f"{role.name}.log")
        if log.exists():
            log.replace(log.with_name(f"{log.name}.1"))


def stop_groups(leaders: list[int], within_s: float = STOP_WITHIN_S) -> None:
    """SIGTERM to the groups, SIGKILL to those that still live after `within_s`."""
    left = [leader for leader in leaders if _signal(leader, signal.SIGTERM)]
    until = time.monotonic() + within_s
    while left and time.monotonic() < until:
        time.sleep(0.1)
        live = _live_groups()
        left = [leader for leader in left if leader in live]
    for leader in left:
        _signal(leader, signal.SIGKILL)


def stop_leftovers() -> int:
    """Stop roles that a killed supervisor has left running, told by its status file; how many there were."""
    try:
        rows = json.loads(var("status.json").read_text())["roles"]
    except (OSError, ValueError, KeyError):
        return 0
    pids = [row["pid"] for row in rows if _is_role(row["pid"], row["role"])]
    stop_groups(pids)
    var("status.json").unlink(missing_ok=True)
    return len(pids)


def _is_role(pid: int, name: str) -> bool:
    """Whether `pid` still is the role it was, and not a stranger with the same number."""
    try:
        return bool(psutil.Process(pid).environ().get("QL_ROLE") == name)
    except psutil.Error:
        return False


def _signal(leader: int, number: int) -> bool:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
        return True
    return False


def _live_groups() -> set[int]:
    """Groups in which a process does something: one that has ended and was not waited for does not."""
    groups = set()
    for process in psutil.process_iter(["pid", "status"]):
        if process.info["status"] != psutil.STATUS_ZOMBIE:
            with suppress(ProcessLookupError, PermissionError):
                groups.add(os.getpgid(process.info["pid"]))
    return groups

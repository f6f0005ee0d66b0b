"""Servers as processes: started by us or by an earlier run."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import Any

import psutil

_started: list[subprocess.Popen[bytes]] = []  # kept so that those that end are noticed


def spawn(command: list[str | Path], log: Path, **account: Any) -> psutil.Process:
    """Start a server that outlives us; `account` are Popen's arguments for another user."""
    with log.open("ab") as out:
        _started.append(
            subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                cwd="/",
                **account,
            )
        )
    return psutil.Process(_started[-1].pid)


def find(pid: int, *mentions: str) -> psutil.Process | None:
    """Process `pid` if its command line holds all `mentions`; None when the number is another's now."""
    try:
        process = psutil.Process(pid)
        command = " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return process if command and all(mention in command for mention in mentions) else None


def ended(process: psutil.Process) -> bool:
    """Whether it is gone, or only waits to be noticed by its parent."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def stop(process: psutil.Process, *, gently: int = signal.SIGTERM, within_s: float = 20) -> None:
    """Ask `process` to end with the signal `gently`; kill it when it has not after `within_s`."""
    for sign in (gently, signal.SIGKILL):
        try:
            process.send_signal(sign)
            process.wait(timeout=within_s)
        except psutil.NoSuchProcess:
            break
        except psutil.TimeoutExpired:
            continue
        break
    _started[:] = [each for each in _started if each.poll() is None]

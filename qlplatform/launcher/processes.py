"""Looking at and stopping processes that an earlier start may have left."""

from __future__ import annotations

import signal

import psutil


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
            return
        except psutil.TimeoutExpired:
            continue
        return

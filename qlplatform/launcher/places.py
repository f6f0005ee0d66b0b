"""Where the installation keeps what it makes: `var/` beside the code, or `QL_VAR_DIR`."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def var(*parts: str) -> Path:
    """A path below the var directory; its parent directories exist afterwards."""
    path = Path(os.environ.get("QL_VAR_DIR") or PROJECT / "var").joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def shared_folder(prefix: str) -> Path:
    """Where processes of one host share memory under a name: in RAM where the system has such a folder, else
    below var. Nothing is made here.
    """
    ram = Path("/dev/shm")  # noqa: S108 - everything in it goes into a folder that only its user may open
    if ram.is_dir() and os.access(ram, os.W_OK):
        return ram / f"ql-{machine_id()}" / prefix
    return var("run", "shared") / prefix


def installation_id() -> str:
    """Eight hex digits that tell this installation from others on the same machine."""
    return _digits(str(var().resolve()))


def machine_id() -> str:
    """The same, but different on each machine: for names on a server that several machines may share."""
    return _digits(f"{socket.gethostname()} {var().resolve()}")


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]

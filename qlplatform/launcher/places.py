"""Where the installation keeps what it makes: `var/` beside the code, or `QL_VAR_DIR`."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def var(*parts: str) -> Path:
    """A path below the var directory; its parent directories exist afterwards."""
    path = Path(os.environ.get("QL_VAR_DIR") or PROJECT / "var").joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def installation_id() -> str:
    """Eight hex digits that tell this installation from others on the same machine."""
    return hashlib.sha256(str(var().resolve()).encode()).hexdigest()[:8]

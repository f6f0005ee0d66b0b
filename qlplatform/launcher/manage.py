"""Runs `manage.py` commands in their own process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

from qlplatform.launcher.errors import LauncherError
from qlplatform.launcher.places import PROJECT


def manage(*command: str, env: Mapping[str, str]) -> str:
    """Run one command with `env` added to ours; its output, or LauncherError with what it said."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, PROJECT / "manage.py", *command],
        env={**os.environ, **env},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-3000:]
        raise LauncherError(f"“manage.py {' '.join(command)}” failed:\n{said}")
    return done.stdout

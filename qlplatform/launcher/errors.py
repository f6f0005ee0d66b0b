"""What stops a start-up on purpose."""

from __future__ import annotations


class LauncherError(SystemExit):
    """One or two sentences that say what is wrong and what to do; ends the process without a traceback."""

"""One word per state, as the pages, the API and the live values show it."""

from __future__ import annotations

import pytest

from execution.domain.badges import badge


@pytest.mark.parametrize(
    ("state", "phase", "outcome", "due", "word"),
    [
        ("active", None, "", True, "scheduled"),
        ("active", None, "", False, "scheduled"),
        ("active", "ARMED", "", False, "waiting"),
        ("active", "ENTERING", "", False, "running"),
        ("active", "RUNNING", "", False, "running"),
        ("active", "EXITING", "", False, "exiting"),
        ("active", "COMPLETED", "exited", False, "completed"),
        ("active", "COMPLETED", "exited", True, "scheduled"),
        ("active", "COMPLETED", "limit_breached", False, "stopped by risk limit"),
        ("active", "COMPLETED", "kill_switch_on", False, "stopped by kill switch"),
        ("active", "COMPLETED", "kill_switch", False, "stopped by kill switch"),
        ("active", "ERROR", "unwind_failed", False, "needs attention"),
        ("paused", None, "", True, "paused"),
        ("paused", "ARMED", "", False, "paused"),
        ("paused", "RUNNING", "", False, "running"),  # what is open stays managed
        ("paused", "COMPLETED", "exited", False, "paused"),
        ("paused", "ERROR", "", False, "needs attention"),
        ("archived", "COMPLETED", "exited", True, "archived"),
    ],
)
def test_the_word_for_a_state(state: str, phase: str | None, outcome: str, due: bool, word: str) -> None:
    assert badge(deployment_state=state, phase=phase, outcome=outcome, due=due) == word

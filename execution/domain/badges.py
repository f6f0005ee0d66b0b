"""The word a trader sees for the state of a deployment (icon and colour follow from it)."""

from __future__ import annotations

from typing import Final

from execution.domain import outcomes

SCHEDULED: Final = "scheduled"
WAITING: Final = "waiting"
RUNNING: Final = "running"
EXITING: Final = "exiting"
PAUSED: Final = "paused"
ATTENTION: Final = "needs attention"
COMPLETED: Final = "completed"
BY_LIMIT: Final = "stopped by risk limit"
BY_KILL: Final = "stopped by kill switch"
ARCHIVED: Final = "archived"

_OPEN_PHASES: Final = {"ARMED": WAITING, "ENTERING": RUNNING, "RUNNING": RUNNING, "EXITING": EXITING}
_OUTCOMES: Final = {"limit_breached": BY_LIMIT, "kill_switch_on": BY_KILL, "kill_switch": BY_KILL}


def badge(*, deployment_state: str, phase: str | None, outcome: str = "", due: bool = False) -> str:
    """State word from the deployment's state and its newest run (phase None = it never ran)."""
    if deployment_state == "archived":
        return ARCHIVED
    if phase == "ERROR" or outcome == outcomes.ENGINE_FAULT:
        return ATTENTION
    if phase in _OPEN_PHASES:
        return PAUSED if deployment_state == "paused" and phase == "ARMED" else _OPEN_PHASES[phase]
    if deployment_state == "paused":
        return PAUSED
    if due or phase is None:
        return SCHEDULED
    return _OUTCOMES.get(outcome, COMPLETED)

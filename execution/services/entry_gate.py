"""The one gate every entry passes before anything is reserved or sent: kill switch, pause, limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from brokers.models import BrokerAccount
from execution.models import Deployment, Run
from execution.selectors import active_kill
from portfolio.services import reserve
from qlplatform.core.errors import KillSwitchOn, UserError
from qlplatform.core.models import Workspace
from strategies.engine.types import PlanEntry


def entry_admit(*, run: Run, plan: PlanEntry, at: datetime, marks: Mapping[int, int]) -> None:
    """Reserve the whole structure of `plan`, or raise UserError telling why it may not be entered.

    The caller holds `gate_lock` and the run.
    """
    kill_refuse(run.workspace_id)
    # asked anew: what was read together with the run's lock may be older than a pause that held it
    state = Deployment.objects.values_list("state", flat=True).get(pk=run.deployment_id)
    if state != Deployment.State.ACTIVE:
        raise UserError("The strategy is paused: no new entries.", code="paused")
    lots = sum(leg.lots for leg in plan.legs)
    reserve(account=run.account, run_ref=run.public_id, cycle=plan.cycle, lots=lots, at=at, marks=marks)


def gate_lock(run: Run) -> None:
    """Lock workspace and account of an entering run for this transaction; never after the run's own lock.

    Pressing the kill switch takes the same lock of the workspace, so an entry either commits before the
    switch (and is then closed by it) or sees it.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=run.workspace_id)
    BrokerAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=run.account_id)


def kill_refuse(workspace_id: int) -> None:
    """Raise KillSwitchOn while a kill switch is in force for the workspace."""
    active = active_kill(workspace_id)
    if active is not None:
        raise KillSwitchOn(f"Kill switch is on ({active.pressed_by}): no new entries.")

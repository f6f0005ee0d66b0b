"""The kill switch: block entries, then cancel working orders, then flatten; lifting it is a separate act.

A member presses it for his workspace. A platform actor without workspace (an operator in the admin) presses
it for everybody; that switch is the platform's own and only such an actor lifts it.
"""

from __future__ import annotations

from typing import TypeVar

from django.db import models, transaction
from django.db.models import QuerySet

from execution.domain.order_states import ALIVE
from execution.models import KillSwitch, Order, Run
from execution.selectors import active_kill
from execution.services.deployments import command
from execution.services.events import notify
from execution.services.orders import CHANNEL
from qlplatform.core import audit, outbox
from qlplatform.core.clock import wall
from qlplatform.core.errors import NotEntitled, UserError
from qlplatform.core.live import push_values
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor

STEPS = (KillSwitch.Level.PAUSE_ENTRIES, KillSwitch.Level.CANCEL_ORDERS, KillSwitch.Level.SQUARE_OFF)
M = TypeVar("M", bound=models.Model)


@transaction.atomic
def kill_switch_press(*, actor: Actor, level: str, reason: str = "") -> KillSwitch:
    """Stop trading in the actor's workspace: `pause_entries`, `cancel_orders` (also cancels) or `square_off`
    (also closes).

    Takes effect at once and needs no second factor. Pressed again with a higher level it goes further; a
    lower level changes nothing. A platform actor without workspace stops every workspace. Raises UserError
    for an unknown level.
    """
    actor.require("stop")
    if level not in STEPS:
        raise UserError(f"Level must be one of: {', '.join(STEPS)}.", code="unknown_level")
    told = _lock_workspaces(actor)
    runs = _open_runs(actor.workspace_id) if level == KillSwitch.Level.SQUARE_OFF else []
    switch = _switch_on(actor, level, reason[:200])
    cancelled = _cancel_entries(actor.workspace_id) if level != KillSwitch.Level.PAUSE_ENTRIES else 0
    for run in runs:
        command(run, "SQUARE_OFF", reason="KILL_SWITCH", text=f"Kill switch by {actor.label}")
    _tell(
        actor, switch, "kill_switch.pressed", {"orders_cancelled": cancelled, "runs_closed": len(runs)}, told
    )
    return switch


@transaction.atomic
def kill_switch_lift(*, actor: Actor) -> KillSwitch:
    """Allow entries again. Raises UserError when nothing is on, or when it is the platform's own switch."""
    actor.require("trade")
    told = _lock_workspaces(actor)
    switch = _own(actor.workspace_id)
    if switch is None and active_kill(actor.workspace_id) is not None:
        raise UserError(
            "Trading is stopped for the whole platform; only its operators can lift that.",
            code="platform_kill",
        )
    if switch is None:
        raise UserError("The kill switch is not on.", code="kill_switch_off")
    switch.lifted_by, switch.lifted_at = actor.label[:120], wall()
    switch.save(update_fields=["lifted_by", "lifted_at"])
    _tell(actor, switch, "kill_switch.lifted", {}, told)
    return switch


def _lock_workspaces(actor: Actor) -> list[int]:
    """Lock the workspaces the switch is for: no entry passes its gate meanwhile. Returns their keys."""
    if actor.workspace_id is None and not actor.platform:
        raise NotEntitled("You are not a member of a workspace, so there is nothing you could stop.")
    rows = _in_scope(Workspace.objects.all(), actor.workspace_id, "pk")
    return list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _in_scope(rows: QuerySet[M], workspace_id: int | None, field: str = "workspace_id") -> QuerySet[M]:
    """The rows of a workspace, all rows for the whole platform."""
    return rows if workspace_id is None else rows.filter(**{field: workspace_id})


def _own(workspace_id: int | None) -> KillSwitch | None:
    """The switch in force of exactly this workspace; of the platform for None."""
    where = {"workspace": None} if workspace_id is None else {"workspace_id": workspace_id}
    return KillSwitch.objects.filter(lifted_at=None, **where).order_by("id").first()


def _switch_on(actor: Actor, level: str, reason: str) -> KillSwitch:
    switch = _own(actor.workspace_id)
    if switch is None:
        return KillSwitch.objects.create(
            workspace_id=actor.workspace_id,
            level=level,
            reason=reason,
            pressed_by=actor.label[:120],
            pressed_at=wall(),
        )
    if STEPS.index(KillSwitch.Level(level)) > STEPS.index(KillSwitch.Level(switch.level)):
        switch.level, switch.reason = level, reason or switch.reason
        switch.save(update_fields=["level", "reason"])
    return switch


def _cancel_entries(workspace_id: int | None) -> int:
    """Ask for every living entry order to be cancelled; exits stay, they reduce risk."""
    wanted = _in_scope(Order.objects.all(), workspace_id).filter(
        is_exit=False, state__in=ALIVE, cancel_wanted=False
    )
    orders = list(wanted.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    asked = Order.objects.filter(pk__in=orders).update(cancel_wanted=True, updated_at=wall())
    notify(CHANNEL)
    return asked


def _open_runs(workspace_id: int | None) -> list[Run]:
    """Every open run, locked: runs come before orders in the order of locks."""
    rows = _in_scope(Run.objects.all(), workspace_id).exclude(phase__in=Run.CLOSED)
    return list(rows.select_related("market", "account").select_for_update(of=("self",)).order_by("pk"))


def _tell(
    actor: Actor, switch: KillSwitch, action: str, effects: dict[str, int], workspaces: list[int]
) -> None:
    state = {"level": switch.level, "reason": switch.reason, **effects}
    audit.record(
        action, by=actor, target=switch, workspace_id=actor.workspace_id, text=switch.reason, after=state
    )
    for workspace_id in workspaces:
        outbox.publish(action, workspace_id=workspace_id, data={"by": actor.label, **state})
    transaction.on_commit(lambda: _show(workspaces), robust=True)


def _show(workspaces: list[int]) -> None:
    for workspace_id in workspaces:
        active = active_kill(workspace_id)
        push_values(workspace_id, {"kill.level": active.level if active else ""})

"""Deployments and when their next run opens."""

from __future__ import annotations

from django.contrib import admin
from unfold.decorators import display

from execution.admin.columns import stamp
from execution.models import Deployment, Schedule
from qlplatform.core.history_admin import HistoryAdmin


@admin.register(Deployment)
class DeploymentAdmin(HistoryAdmin):
    """Strategies at work. Their owners pause and stop them; operators have the kill switch."""

    list_display = (
        "name",
        "workspace",
        "state_label",
        "mode_label",
        "account",
        "multiplier",
        "next_run",
        "created",
    )
    list_filter = ("state", "account__broker", "account__market__kind")
    search_fields = ("public_id", "strategy__name", "workspace__name")
    list_select_related = ("strategy", "workspace", "account", "schedule")
    ordering = ("-pk",)

    @display(description="strategy", header=True, ordering="strategy__name")
    def name(self, deployment: Deployment) -> tuple[str, str]:
        """Its name, and the id people quote."""
        return deployment.strategy.name, deployment.public_id

    @display(description="state", label={"active": "success", "paused": "warning"}, ordering="state")
    def state_label(self, deployment: Deployment) -> tuple[str, str]:
        """State as a coloured label."""
        return deployment.state, deployment.get_state_display()

    @display(description="mode", label={"paper": "info", "live": "warning"})
    def mode_label(self, deployment: Deployment) -> str:
        """Paper or live."""
        return deployment.mode

    @admin.display(description="next run", ordering="schedule__next_due_at")
    def next_run(self, deployment: Deployment) -> str:
        """When it may enter next, IST of its market."""
        return stamp(deployment.schedule.next_due_at)

    @admin.display(description="created", ordering="created_at")
    def created(self, deployment: Deployment) -> str:
        """IST."""
        return stamp(deployment.created_at)


@admin.register(Schedule)
class ScheduleAdmin(HistoryAdmin):
    """What opens when. Rows are claimed by the open_due tick."""

    list_display = ("deployment", "workspace", "market", "due")
    list_filter = ("market__kind", ("next_due_at", admin.EmptyFieldListFilter))
    search_fields = ("deployment__public_id", "deployment__strategy__name", "deployment__workspace__name")
    list_select_related = ("deployment__strategy", "deployment__account", "deployment__workspace", "market")
    ordering = ("-pk",)

    @admin.display(description="workspace")
    def workspace(self, schedule: Schedule) -> str:
        """Whose it is."""
        return str(schedule.deployment.workspace)

    @admin.display(description="next due", ordering="next_due_at")
    def due(self, schedule: Schedule) -> str:
        """IST of its market; a dash when nothing is due."""
        return stamp(schedule.next_due_at)

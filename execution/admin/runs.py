"""Runs with their legs and the log of why they did what they did."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.decorators import display

from execution.admin.columns import average, filled, stamp
from execution.models import Decision, Leg, Run
from qlplatform.core.history_admin import HistoryAdmin

PHASES = {
    "ARMED": "info",
    "ENTERING": "primary",
    "RUNNING": "success",
    "EXITING": "warning",
    "ERROR": "danger",
}


class ReadOnlyInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Rows of history below the object they belong to."""

    extra = 0
    can_delete = False
    per_page = 25

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LegInline(ReadOnlyInline):
    model = Leg
    fields = readonly_fields = (
        "leg_id",
        "side",
        "instrument",
        "lots",
        "entry",
        "exit",
        "stop",
        "exit_reason",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Leg]:
        rows: QuerySet[Leg] = super().get_queryset(request)
        return rows.select_related("instrument").order_by("cycle", "id")

    @admin.display(description="entry")
    def entry(self, leg: Leg) -> str:
        """Filled units and their average price."""
        return f"{filled(leg.entry_qty, leg.qty)} at {average(leg.entry_value_paise, leg.entry_qty)}"

    @admin.display(description="exit")
    def exit(self, leg: Leg) -> str:
        """Closed units and their average price."""
        return f"{filled(leg.exit_qty, leg.entry_qty)} at {average(leg.exit_value_paise, leg.exit_qty)}"


class DecisionInline(ReadOnlyInline):
    model = Decision
    fields = readonly_fields = ("time", "kind", "code", "leg_id", "text")
    ordering = ("id",)

    @admin.display(description="market time")
    def time(self, decision: Decision) -> str:
        """IST."""
        return stamp(decision.at)


@admin.register(Run)
class RunAdmin(HistoryAdmin):
    """One activation of a deployment on one trading day."""

    list_display = (
        "name",
        "workspace",
        "phase_label",
        "market",
        "trading_date",
        "opened",
        "closed",
        "outcome_text",
    )
    list_filter = ("phase", "market__kind", "trading_date")
    search_fields = ("public_id", "deployment__public_id", "deployment__strategy__name", "workspace__name")
    list_select_related = ("deployment__strategy", "workspace", "market")
    ordering = ("-pk",)
    inlines: ClassVar = [LegInline, DecisionInline]

    @display(description="run", header=True)
    def name(self, run: Run) -> tuple[str, str]:
        """Its strategy, and the id people quote."""
        return run.deployment.strategy.name, run.public_id

    @display(description="phase", label=PHASES, ordering="phase")
    def phase_label(self, run: Run) -> tuple[str, str]:
        """Phase as a coloured label."""
        return run.phase, run.get_phase_display()

    @admin.display(description="opened", ordering="opened_at")
    def opened(self, run: Run) -> str:
        """IST of its market."""
        return stamp(run.opened_at)

    @admin.display(description="closed", ordering="closed_at")
    def closed(self, run: Run) -> str:
        """IST of its market."""
        return stamp(run.closed_at)

"""Admin of strategies: their specs are versions, written once, and only read here."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline

from qlplatform.core.history_admin import HistoryAdmin
from strategies.models import Strategy, StrategyVersion


class VersionInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Every version, newest first."""

    model = StrategyVersion
    fields = readonly_fields = ("number", "spec", "spec_hash", "created_at", "created_by")
    ordering = ("-number",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Strategy)
class StrategyAdmin(HistoryAdmin):
    """Strategies belong to their workspaces; staff looks, owners change."""

    list_display = ("name", "workspace", "version", "origin", "created_at", "archived_at")
    list_filter = (("archived_at", admin.EmptyFieldListFilter), ("origin", admin.EmptyFieldListFilter))
    search_fields = ("public_id", "name", "client_ref", "workspace__name")
    list_select_related = ("workspace", "latest")
    ordering = ("-pk",)
    fields = (
        "public_id",
        "name",
        "workspace",
        "version",
        "origin",
        "client_ref",
        "created_at",
        "archived_at",
    )
    readonly_fields = ("version",)
    inlines: ClassVar = [VersionInline]

    @admin.display(description="version", ordering="latest__number")
    def version(self, strategy: Strategy) -> int | None:
        return strategy.latest.number if strategy.latest else None

"""Admin of history: read by those who may; nobody adds, changes or deletes, superusers included."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin


class HistoryAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Base of the admin of orders, fills, audit entries and other things that happened."""

    list_per_page = 25
    show_full_result_count = False
    actions: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

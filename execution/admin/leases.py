"""Who sends the orders of which shard."""

from __future__ import annotations

from django.contrib import admin
from unfold.decorators import display

from execution.admin.columns import stamp
from execution.models import ShardLease
from qlplatform.core.clock import wall
from qlplatform.core.history_admin import HistoryAdmin


@admin.register(ShardLease)
class ShardLeaseAdmin(HistoryAdmin):
    """Leases are taken and renewed by workers; nobody edits them."""

    list_display = ("shard", "held", "owner", "epoch", "lasts_until")
    search_fields = ("owner",)
    ordering = ("shard",)

    @display(description="state", label={"held": "success", "free": "info"})
    def held(self, lease: ShardLease) -> str:
        """Held while it has not run out."""
        return "held" if lease.until is not None and lease.until > wall() else "free"

    @admin.display(description="until", ordering="until")
    def lasts_until(self, lease: ShardLease) -> str:
        """IST."""
        return stamp(lease.until)

"""Imports of instrument masters to look at: figures, changes, unusable lines."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.decorators import display

from markets.models import MasterImport, QuarantinedRow
from qlplatform.core.history_admin import HistoryAdmin


class QuarantinedRowInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Lines that could not be used."""

    model = QuarantinedRow
    fields = readonly_fields = ("line", "code", "reason", "text")
    extra = 0
    can_delete = False
    per_page = 25
    tab = True
    verbose_name_plural = "quarantined rows"

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(MasterImport)
class MasterImportAdmin(HistoryAdmin):
    """What each file of an exchange or a broker brought."""

    list_display = (
        "source", "day", "state_label", "rows", "added", "changed", "gone", "quarantined", "took",
        "started_at",
    )  # fmt: skip
    list_filter = ("source", "state")
    search_fields = ("public_id", "file_name", "sha256")
    date_hierarchy = "day"
    ordering = ("-pk",)
    inlines = (QuarantinedRowInline,)
    fieldsets = (
        (None, {"fields": ("source", "day", "state", "message")}),
        ("Lines", {"fields": ("rows", "skipped", "quarantined", "reasons")}),
        ("Instruments", {"fields": ("added", "changed", "unchanged", "gone", "changes")}),
        ("File", {"fields": ("public_id", "file_name", "sha256", "kept_as", "started_at", "took")}),
    )

    @display(  # type: ignore[untyped-decorator]  # unfold ships no types
        description="state", label={"done": "success", "failed": "danger", "running": "info"}
    )
    def state_label(self, master: MasterImport) -> tuple[str, str]:
        """State as a coloured label."""
        return master.state, master.get_state_display()

    @admin.display(description="took")
    def took(self, master: MasterImport) -> str:
        """Seconds from the first line to the last."""
        if master.finished_at is None:
            return ""
        return f"{(master.finished_at - master.started_at).total_seconds():.1f} s"

    @admin.display(description="why lines were left out")
    def reasons(self, master: MasterImport) -> SafeString:
        """Skipped and quarantined lines by reason."""
        rows = [
            (heading, reason, count)
            for heading in ("skipped", "quarantined")
            for reason, count in master.counts.get(heading, {}).items()
        ]
        return _list(f"{heading}: {count} × {reason}" for heading, reason, count in rows)

    @admin.display(description="changes")
    def changes(self, master: MasterImport) -> SafeString:
        """The first changes of each kind."""
        return format_html_join(
            "",
            "<h3><strong>{} ({})</strong></h3>{}",
            ((kind, master.counts.get(kind, len(found)), _list(map(_told, found)))
             for kind, found in master.diff.items()),
        )  # fmt: skip


def _told(change: dict[str, object]) -> str:
    return f"{change['instrument']}: {change['before']} → {change['after']}"


def _list(lines: object) -> SafeString:
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))  # type: ignore[attr-defined]
    return format_html("<ul>{}</ul>", items)

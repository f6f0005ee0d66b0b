"""Admin of the marketplace: what curators write, publish and retire. Published versions are never changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from marketplace.models import Listing, ListingVersion
from marketplace.services import listing_publish, listing_retire, listing_revise
from qlplatform.core import audit
from qlplatform.core.actors import staff_actor
from qlplatform.core.errors import QlError
from qlplatform.core.indian import rupee_text
from qlplatform.core.rupee_field import RupeesFormField
from strategies.spec import Spec, SpecInvalid, parse_spec_text, spec_to_json

STATES: dict[str, str] = {"draft": "info", "published": "success", "retired": "warning"}
RISKS: dict[str, str] = {"low": "success", "medium": "warning", "high": "danger"}


class ListingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new spec makes a new version; left empty, the version stays."""

    suggested_capital_paise = RupeesFormField(label="Suggested capital in rupees")
    new_spec = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget,
        label="New version",
        help_text="The whole spec as JSON. Users who copied an earlier version keep theirs.",
    )

    class Meta:
        model = Listing
        fields = (
            "title", "slug", "summary", "description", "works_when", "hurts_when", "category", "risk",
            "suggested_capital_paise",
        )  # fmt: skip

    def clean_new_spec(self) -> Spec | None:
        text: str = self.cleaned_data["new_spec"].strip()
        try:
            return parse_spec_text(text) if text else None
        except SpecInvalid as invalid:
            raise forms.ValidationError(
                [f"{error.pointer or '/'}: {error.message}" for error in invalid.errors]
            ) from None


class VersionInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Every version, newest first; written once."""

    model = ListingVersion
    fields = readonly_fields = ("number", "spec", "spec_hash", "created_at")
    ordering = ("-number",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Listing)
class ListingAdmin(ModelAdmin):  # type: ignore[misc]
    """Texts are edited freely, specs by new versions, states by actions only."""

    list_display = ("name", "category", "state_label", "risk_label", "capital", "version", "published_at")
    list_filter = ("state", "risk", "category", "underlying")
    search_fields = ("public_id", "title", "slug", "summary")
    list_select_related = ("current",)
    list_per_page = 25
    ordering = ("title",)
    form = ListingForm
    fields = (
        "title", "slug", "summary", "description", "works_when", "hurts_when", "category", "risk",
        "suggested_capital_paise", "new_spec", "state", "underlying", "published_at", "public_id",
    )  # fmt: skip
    readonly_fields = ("state", "underlying", "published_at", "public_id")
    inlines: ClassVar = [VersionInline]
    actions = ("publish", "retire")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The address of a listing stays once it exists."""
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, tuple[str]]:
        return {} if obj else {"slug": ("title",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Copies name it as their origin; a listing is retired instead."""
        return False

    @display(description="listing", header=True)  # type: ignore[untyped-decorator]
    def name(self, listing: Listing) -> tuple[str, str]:
        return listing.title, listing.summary

    @display(description="state", ordering="state", label=STATES)  # type: ignore[untyped-decorator]
    def state_label(self, listing: Listing) -> tuple[str, str]:
        return listing.state, listing.get_state_display()

    @display(description="risk", ordering="risk", label=RISKS)  # type: ignore[untyped-decorator]
    def risk_label(self, listing: Listing) -> tuple[str, str]:
        return listing.risk, listing.get_risk_display()

    @admin.display(description="suggested capital", ordering="suggested_capital_paise")
    def capital(self, listing: Listing) -> str:
        return rupee_text(listing.suggested_capital_paise)

    @admin.display(description="version", ordering="current__number")
    def version(self, listing: Listing) -> int | None:
        return listing.current.number if listing.current else None

    def save_model(self, request: HttpRequest, obj: Listing, form: Any, change: bool) -> None:
        by = staff_actor(request)
        spec: Spec | None = form.cleaned_data.get("new_spec")
        super().save_model(request, obj, form, change)
        texts = [name for name in form.changed_data if name != "new_spec"]
        if texts:
            verb = "changed" if change else "created"
            audit.record(f"listing.{verb}", by=by, target=obj, after={"fields": texts})
        if spec is not None:
            version = listing_revise(listing=obj, spec=spec_to_json(spec), by=by)
            obj.current, obj.underlying = version, spec.underlying

    @admin.action(description="Publish the chosen listings", permissions=("change",))
    def publish(self, request: HttpRequest, queryset: QuerySet[Listing]) -> None:
        self._move_all(request, queryset, listing_publish, "Published")

    @admin.action(description="Retire the chosen listings", permissions=("change",))
    def retire(self, request: HttpRequest, queryset: QuerySet[Listing]) -> None:
        self._move_all(request, queryset, listing_retire, "Retired")

    def _move_all(self, request: HttpRequest, queryset: QuerySet[Listing], move: Any, done: str) -> None:
        """Each by itself: one that cannot move does not hold up the others."""
        for listing in queryset:
            try:
                move(listing=listing, by=staff_actor(request))
            except QlError as refusal:
                self.message_user(request, refusal.message, messages.ERROR)
            else:
                self.message_user(request, f"{done}: “{listing.title}”.")

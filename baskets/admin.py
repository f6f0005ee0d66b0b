"""Admin of baskets and the strategies in them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from baskets.models import Basket, BasketMember
from qlplatform.core import audit
from qlplatform.core.actors import staff_actor
from qlplatform.core.indian import rupee_text
from qlplatform.core.rupee_field import RupeesFormField


class MemberFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Strategies of the basket's own workspace."""

    def clean(self) -> None:
        super().clean()
        chosen = [form.cleaned_data.get("strategy") for form in self.forms if hasattr(form, "cleaned_data")]
        if any(strategy and strategy.workspace_id != self.instance.workspace_id for strategy in chosen):
            raise ValidationError("Strategy and basket must belong to the same workspace.")


class BasketForm(forms.ModelForm):  # type: ignore[type-arg]
    capital_paise = RupeesFormField(label="Capital in rupees", help_text="0 = not set aside")

    class Meta:
        model = Basket
        fields = ("workspace", "name", "description", "capital_paise", "archived_at")

    def clean_capital_paise(self) -> int:
        value: int = self.cleaned_data["capital_paise"]
        if value < 0:
            raise ValidationError("Capital cannot be below ₹0.")
        return value


class MemberInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    model = BasketMember
    formset = MemberFormSet
    autocomplete_fields = ("strategy",)
    extra = 0


@admin.register(Basket)
class BasketAdmin(ModelAdmin):  # type: ignore[misc]
    """Groups of strategies with their multipliers."""

    list_display = ("name", "workspace", "members_count", "capital", "created_at", "archived_at")
    list_filter = (("archived_at", admin.EmptyFieldListFilter),)
    search_fields = ("public_id", "name", "workspace__name", "members__strategy__name")
    list_select_related = ("workspace",)
    list_per_page = 25
    ordering = ("-pk",)
    autocomplete_fields = ("workspace",)
    form = BasketForm
    fields = ("workspace", "name", "description", "capital_paise", "archived_at")
    inlines: ClassVar = [MemberInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A basket never moves to another workspace."""
        return ("workspace",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its deployments refer to it; a basket is archived instead."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Basket]:
        rows: QuerySet[Basket] = super().get_queryset(request)
        return rows.annotate(member_count=Count("members"))

    @admin.display(description="strategies", ordering="member_count")
    def members_count(self, basket: Any) -> int:
        count: int = basket.member_count
        return count

    @admin.display(description="capital", ordering="capital_paise")
    def capital(self, basket: Basket) -> str:
        return rupee_text(basket.capital_paise) if basket.capital_paise else "not set"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The basket and its members are saved by now; what they are is written down once."""
        super().save_related(request, form, formsets, change)
        basket: Basket = form.instance
        audit.record(
            "basket.changed" if change else "basket.created",
            by=staff_actor(request),
            target=basket,
            text=f"Basket “{basket.name}” {'changed' if change else 'created'} in the admin.",
            after={"fields": form.changed_data, "members": _members(basket)},
        )


def _members(basket: Basket) -> dict[str, int]:
    rows = basket.members.select_related("strategy").order_by("pk")
    return {row.strategy.public_id: row.multiplier for row in rows}

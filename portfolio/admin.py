"""Admin of the ledger: everything that happened is read-only, limits are changed through their service."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from portfolio.models import Book, Fill, Limit, Position, Reservation
from portfolio.services import limit_check, limit_set
from qlplatform.core.actors import staff_actor
from qlplatform.core.errors import UserError
from qlplatform.core.history_admin import HistoryAdmin
from qlplatform.core.indian import grouped, rupee_text
from qlplatform.core.money import rupee_str
from qlplatform.core.rupee_field import RupeesFormField

SIDES: dict[str, str] = {"BUY": "info", "SELL": "warning"}


@admin.register(Fill)
class FillAdmin(HistoryAdmin):
    """Trades as brokers confirmed them."""

    list_display = ("instrument", "side_label", "units", "price", "charges", "book", "account", "at")
    list_filter = ("side", "purpose", "trading_date")
    search_fields = ("public_id", "trade_id", "order_ref", "run_ref", "instrument__symbol")
    list_select_related = ("instrument", "book", "account")
    ordering = ("-pk",)

    @display(description="side", label=SIDES)  # type: ignore[untyped-decorator]
    def side_label(self, fill: Fill) -> str:
        return fill.side

    @admin.display(description="units", ordering="qty")
    def units(self, fill: Fill) -> str:
        return grouped(fill.qty)

    @admin.display(description="price", ordering="price_paise")
    def price(self, fill: Fill) -> str:
        return rupee_str(fill.price_paise)

    @admin.display(description="charges", ordering="charges_paise")
    def charges(self, fill: Fill) -> str:
        return rupee_text(fill.charges_paise)


@admin.register(Position)
class PositionAdmin(HistoryAdmin):
    """The running sums of the fills, by book and day."""

    list_display = (
        "instrument",
        "book",
        "account",
        "trading_date",
        "units",
        "realised",
        "charges",
        "updated_at",
    )
    list_filter = ("trading_date", "book__kind")
    search_fields = ("public_id", "instrument__symbol", "book__name", "account__public_id")
    list_select_related = ("instrument", "book", "account")
    ordering = ("-pk",)

    @admin.display(description="net units", ordering="net_qty")
    def units(self, position: Position) -> str:
        return grouped(position.net_qty)

    @admin.display(description="realised", ordering="realised_paise")
    def realised(self, position: Position) -> str:
        return rupee_text(position.realised_paise)

    @admin.display(description="charges", ordering="charges_paise")
    def charges(self, position: Position) -> str:
        return rupee_text(position.charges_paise)


@admin.register(Book)
class BookAdmin(HistoryAdmin):
    """Where fills are booked. Made by deployments."""

    list_display = ("name", "kind", "parent", "account", "workspace")
    list_filter = ("kind",)
    search_fields = ("public_id", "name", "account__public_id", "workspace__name")
    list_select_related = ("parent", "account", "workspace")
    ordering = ("-pk",)


@admin.register(Reservation)
class ReservationAdmin(HistoryAdmin):
    """Lots promised to entries under way."""

    list_display = ("run_ref", "cycle", "lots", "open", "account", "created_at")
    list_filter = ("open",)
    search_fields = ("run_ref", "account__public_id")
    list_select_related = ("account",)
    ordering = ("-pk",)


class LimitForm(forms.ModelForm):  # type: ignore[type-arg]
    """The value in the unit of the limit: rupees of day loss, or lots."""

    class Meta:
        model = Limit
        fields = ("value", "enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind == Limit.Kind.DAY_LOSS:
            self.fields["value"] = RupeesFormField(label="Value in rupees")
            self.initial["value"] = self.instance.value

    def clean_value(self) -> int:
        value: int = self.cleaned_data["value"]
        try:
            limit_check(self.instance.kind, value)
        except UserError as error:
            raise forms.ValidationError(error.message, code=error.code) from None
        return value


@admin.register(Limit)
class LimitAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Bounds of accounts. They are made with the account; here they are changed or switched off."""

    list_display = ("kind_label", "allowed", "enabled", "account", "workspace")
    list_filter = ("kind", "enabled")
    search_fields = ("public_id", "account__name", "account__public_id", "workspace__name")
    list_select_related = ("account", "workspace")
    list_per_page = 25
    ordering = ("-pk",)
    form = LimitForm
    fields = ("account", "kind", "allowed", "value", "enabled")
    readonly_fields = ("account", "kind", "allowed")
    actions: ClassVar = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="limit", ordering="kind")
    def kind_label(self, limit: Limit) -> str:
        return limit.get_kind_display()

    @admin.display(description="allowed", ordering="value")
    def allowed(self, limit: Limit) -> str:
        return (
            rupee_text(limit.value) if limit.kind == Limit.Kind.DAY_LOSS else f"{grouped(limit.value)} lots"
        )

    def save_model(self, request: HttpRequest, obj: Limit, form: Any, change: bool) -> None:
        """Through the service, so that the change is in the audit trail."""
        limit_set(
            account=obj.account, kind=obj.kind, value=obj.value, enabled=obj.enabled, by=staff_actor(request)
        )

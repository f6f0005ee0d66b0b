"""Accounts, brokers' names for instruments and their reports, the simulated exchange's books. Only an
account's name and plan change.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from brokers.models import BrokerAccount, InstrumentAlias, Report, VenueOrder, VenueTrade
from brokers.services import account_rename
from qlplatform.core.actors import staff_actor
from qlplatform.core.history_admin import HistoryAdmin
from qlplatform.core.indian import rupee_text
from qlplatform.core.money import rupee_str

STATE_LABELS = {"active": "success", "auth_required": "warning", "locked": "danger"}


@admin.register(BrokerAccount)
class BrokerAccountAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Opened and closed by services; here people find them and correct name and brokerage plan."""

    list_display = (
        "name",
        "workspace",
        "broker",
        "market",
        "state_label",
        "capital",
        "brokerage_plan",
        "shard",
    )
    list_filter = ("broker", "state", "market__kind")
    search_fields = ("name", "public_id", "workspace__name")
    list_select_related = ("workspace", "market")
    list_per_page = 25
    ordering = ("-pk",)
    fields = (
        "public_id",
        "name",
        "brokerage_plan",
        "workspace",
        "broker",
        "market",
        "state",
        "capital",
        "shard",
        "created_at",
    )
    readonly_fields = (
        "public_id",
        "workspace",
        "broker",
        "market",
        "state",
        "capital",
        "shard",
        "created_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Accounts are opened with a workspace or a replay."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Their orders and fills have to stay explained."""
        return False

    @display(description="state", label=STATE_LABELS)  # type: ignore[untyped-decorator]
    def state_label(self, account: BrokerAccount) -> tuple[str, str]:
        """State as a coloured label."""
        return account.state, account.get_state_display()

    @admin.display(description="starting capital", ordering="capital_paise")
    def capital(self, account: BrokerAccount) -> str:
        """In rupees."""
        return rupee_text(account.capital_paise)

    def save_model(self, request: HttpRequest, obj: BrokerAccount, form: Any, change: bool) -> None:
        """Through the service, so that the change is in the audit trail."""
        account_rename(account=obj, name=obj.name, brokerage_plan=obj.brokerage_plan, by=staff_actor(request))


@admin.register(InstrumentAlias)
class InstrumentAliasAdmin(HistoryAdmin):
    """What brokers call the instruments; written by imports of their masters."""

    list_display = (
        "symbol",
        "broker",
        "exchange",
        "token",
        "instrument",
        "lot_size",
        "tick",
        "freeze_qty",
        "seen_on",
    )
    list_filter = ("broker", "exchange")
    search_fields = ("symbol", "=token", "instrument__symbol")
    list_select_related = ("instrument",)
    ordering = ("-pk",)

    @admin.display(description="tick", ordering="tick_paise")
    def tick(self, alias: InstrumentAlias) -> str:
        """In rupees."""
        return rupee_str(alias.tick_paise)


@admin.register(Report)
class ReportAdmin(HistoryAdmin):
    """What brokers said, and whether it was applied."""

    list_display = (
        "broker_order_id",
        "kind",
        "status",
        "account",
        "tag",
        "filled_qty",
        "exchange_time",
        "applied_at",
    )
    list_filter = ("kind", "status", ("applied_at", admin.EmptyFieldListFilter))
    search_fields = ("broker_order_id", "tag", "trade_id")
    list_select_related = ("account",)
    ordering = ("-pk",)


@admin.register(VenueOrder)
class VenueOrderAdmin(HistoryAdmin):
    """The simulated exchange's order book."""

    list_display = ("tag", "account", "side", "instrument", "quantity", "limit", "status", "accepted_at")
    list_filter = ("status", "side")
    search_fields = ("tag",)
    list_select_related = ("account", "instrument")
    ordering = ("-pk",)

    @admin.display(description="filled")
    def quantity(self, order: VenueOrder) -> str:
        """Units filled of units ordered."""
        return f"{order.filled_qty} of {order.qty}"

    @admin.display(description="limit", ordering="limit_paise")
    def limit(self, order: VenueOrder) -> str:
        """In rupees."""
        return rupee_str(order.limit_paise)


@admin.register(VenueTrade)
class VenueTradeAdmin(HistoryAdmin):
    """The simulated exchange's trades."""

    list_display = ("trade_id", "order", "account", "instrument", "qty", "price", "at")
    search_fields = ("order__tag",)
    list_select_related = ("order__account", "order__instrument")
    ordering = ("-pk",)

    @admin.display(description="account")
    def account(self, trade: VenueTrade) -> str:
        """Whose trade it is."""
        return str(trade.order.account)

    @admin.display(description="instrument")
    def instrument(self, trade: VenueTrade) -> str:
        """What was traded."""
        return str(trade.order.instrument)

    @admin.display(description="price", ordering="price_paise")
    def price(self, trade: VenueTrade) -> str:
        """In rupees."""
        return rupee_str(trade.price_paise)

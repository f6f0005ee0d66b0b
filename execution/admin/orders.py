"""Intents, their orders, and every move of an order."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from unfold.decorators import display

from execution.admin.columns import amount, average, filled, stamp
from execution.admin.runs import ReadOnlyInline
from execution.models import Intent, Order, OrderEvent
from qlplatform.core.history_admin import HistoryAdmin
from qlplatform.core.indian import grouped

STATES = {
    "NEW": "info",
    "SENDING": "primary",
    "UNKNOWN": "danger",
    "ACCEPTED": "primary",
    "OPEN": "primary",
    "PARTIAL": "warning",
    "FILLED": "success",
    "REJECTED": "danger",
}


class OrderInline(ReadOnlyInline):
    """The slices an intent was cut into."""

    model = Order
    fields = readonly_fields = (
        "slice",
        "tag",
        "state",
        "qty",
        "filled_qty",
        "limit",
        "broker_order_id",
        "reason_text",
    )
    ordering = ("slice",)

    @admin.display(description="limit")
    def limit(self, order: Order) -> str:
        """In rupees."""
        return amount(order.limit_paise)


@admin.register(Intent)
class IntentAdmin(HistoryAdmin):
    """What a run wished for, committed before anything was sent."""

    list_display = (
        "wish",
        "workspace",
        "instrument",
        "side",
        "quantity",
        "decided_at_price",
        "reason",
        "created",
    )
    list_filter = ("purpose", "side", "reason")
    search_fields = ("public_id", "order_ref", "run__public_id")
    list_select_related = ("workspace", "instrument")
    ordering = ("-pk",)
    inlines: ClassVar = [OrderInline]

    @display(description="intent", header=True)
    def wish(self, intent: Intent) -> tuple[str, str]:
        """Entry or exit of a leg, and the id people quote."""
        return f"{intent.purpose.capitalize()} {intent.leg_id}", intent.public_id

    @admin.display(description="units", ordering="qty")
    def quantity(self, intent: Intent) -> str:
        """Indian digits."""
        return grouped(intent.qty)

    @admin.display(description="price seen", ordering="decision_price_paise")
    def decided_at_price(self, intent: Intent) -> str:
        """The price the decision was made on."""
        return amount(intent.decision_price_paise)

    @admin.display(description="market time", ordering="created_at")
    def created(self, intent: Intent) -> str:
        """IST of its market."""
        return stamp(intent.created_at)


class OrderEventInline(ReadOnlyInline):
    model = OrderEvent
    fields = readonly_fields = ("time", "state", "text")
    ordering = ("id",)

    @admin.display(description="wall time")
    def time(self, event: OrderEvent) -> str:
        """IST."""
        return stamp(event.at)


@admin.register(Order)
class OrderAdmin(HistoryAdmin):
    """The order book of everybody."""

    list_display = ("name", "workspace", "side", "state_label", "quantity", "average", "limit", "created")
    list_filter = ("state", "side", "is_exit", "account__broker")
    search_fields = ("public_id", "tag", "broker_order_id", "instrument__symbol", "workspace__name")
    list_select_related = ("workspace", "instrument", "account")
    ordering = ("-pk",)
    inlines: ClassVar = [OrderEventInline]

    @display(description="order", header=True)
    def name(self, order: Order) -> tuple[str, str]:
        """What is traded; paper or live and the id people quote."""
        return order.instrument.symbol, f"{order.account.mode} · {order.public_id}"

    @display(description="state", label=STATES, ordering="state")
    def state_label(self, order: Order) -> tuple[str, str]:
        """State as a coloured label."""
        return order.state, order.get_state_display()

    @admin.display(description="filled", ordering="filled_qty")
    def quantity(self, order: Order) -> str:
        """Units filled of units ordered."""
        return filled(order.filled_qty, order.qty)

    @admin.display(description="average")
    def average(self, order: Order) -> str:
        """Average price of the fills."""
        return average(order.filled_value_paise, order.filled_qty)

    @admin.display(description="limit", ordering="limit_paise")
    def limit(self, order: Order) -> str:
        """In rupees."""
        return amount(order.limit_paise)

    @admin.display(description="market time", ordering="created_at")
    def created(self, order: Order) -> str:
        """IST of its market."""
        return stamp(order.created_at)


@admin.register(OrderEvent)
class OrderEventAdmin(HistoryAdmin):
    """Every move of every order and why."""

    list_display = ("order", "state_label", "text", "time")
    list_filter = ("state",)
    search_fields = ("order__public_id", "order__tag")
    list_select_related = ("order",)
    ordering = ("-pk",)

    @display(description="state", label=STATES, ordering="state")
    def state_label(self, event: OrderEvent) -> str:
        """State as a coloured label."""
        return event.state

    @admin.display(description="wall time", ordering="at")
    def time(self, event: OrderEvent) -> str:
        """IST."""
        return stamp(event.at)

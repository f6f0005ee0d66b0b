"""An intent is one wish of a run (or an operator); its orders are the slices that go to the broker."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import WorkspaceOwned


class Intent(WorkspaceOwned):
    """Committed before anything is sent. `order_ref` is the core's name of the wish, unique in its run."""

    public_id = PublicIdField("int")
    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("execution.Run", on_delete=models.PROTECT, related_name="intents")
    order_ref = models.CharField(max_length=32)
    leg_id = models.CharField(max_length=12)
    cycle = models.PositiveIntegerField(default=1)
    purpose = models.CharField(max_length=6)
    reason = models.CharField(max_length=24, blank=True, default="")
    instrument = models.ForeignKey("markets.Instrument", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=4)
    qty = models.PositiveIntegerField()
    decision_price_paise = models.BigIntegerField(null=True, blank=True)
    text = models.CharField(max_length=400, blank=True, default="")
    created_at = models.DateTimeField(help_text="market time")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "order_ref"], name="intent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.side} {self.qty} {self.order_ref}"


class Order(WorkspaceOwned):
    """One broker order. `tag` is deterministic and unique per account; moves only along the order state
    table.
    """

    class State(models.TextChoices):
        NEW = "NEW"
        SENDING = "SENDING"
        UNKNOWN = "UNKNOWN"
        ACCEPTED = "ACCEPTED"
        OPEN = "OPEN"
        PARTIAL = "PARTIAL"
        FILLED = "FILLED"
        CANCELLED = "CANCELLED"
        REJECTED = "REJECTED"
        EXPIRED = "EXPIRED"

    public_id = PublicIdField("ord")
    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.PROTECT, related_name="+")
    intent = models.ForeignKey(Intent, on_delete=models.PROTECT, related_name="orders")
    shard = models.PositiveSmallIntegerField()
    slice = models.PositiveSmallIntegerField(default=1)
    tag = models.CharField(max_length=20)
    instrument = models.ForeignKey("markets.Instrument", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=4)
    qty = models.PositiveIntegerField()
    limit_paise = models.BigIntegerField()
    is_exit = models.BooleanField(default=False)
    algo_id = models.CharField(max_length=20, blank=True, default="99999")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    epoch = models.BigIntegerField(default=0, help_text="lease epoch that sent it")
    broker_order_id = models.CharField(max_length=40, blank=True, default="")
    filled_qty = models.PositiveIntegerField(default=0)
    filled_value_paise = models.BigIntegerField(default=0)
    cancel_wanted = models.BooleanField(default=False)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    reason_text = models.CharField(max_length=240, blank=True, default="")
    created_at = models.DateTimeField(help_text="market time")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="wall time")
    updated_at = models.DateTimeField(help_text="wall time")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "tag"], name="order_one_per_tag"),
        ]
        indexes: ClassVar = [
            # drain: what has to be sent, cancelled or looked up
            models.Index(
                fields=["shard", "id"],
                condition=models.Q(state__in=["NEW", "SENDING", "UNKNOWN"]) | models.Q(cancel_wanted=True),
                name="order_to_drain",
            ),
            # order page: newest first
            models.Index(fields=["workspace", "-id"], name="order_by_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.qty} {self.tag} {self.state}"


class OrderEvent(models.Model):
    """History of an order: every move and why. Append-only."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(help_text="wall time")
    state = models.CharField(max_length=10)
    text = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            # history of one order
            models.Index(fields=["order", "id"], name="orderevent_by_order"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.state}"

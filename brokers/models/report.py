"""What a broker said about an order: raw rows, written once, applied once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Report(models.Model):
    """An order update or a trade as the broker reported it (socket, postback or poll).

    Duplicates collapse on the unique keys; execution applies rows in exchange-time order and stamps
    `applied_at`.
    """

    class Kind(models.TextChoices):
        ORDER = "order"
        TRADE = "trade"

    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.PROTECT, related_name="+")
    shard = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    broker_order_id = models.CharField(max_length=40)
    tag = models.CharField(max_length=20)
    status = models.CharField(max_length=16, blank=True, default="")
    filled_qty = models.PositiveIntegerField(default=0)
    trade_id = models.CharField(max_length=40, blank=True, default="")
    qty = models.PositiveIntegerField(default=0)
    price_paise = models.BigIntegerField(default=0)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    reason_text = models.CharField(max_length=240, blank=True, default="")
    exchange_time = models.DateTimeField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "broker_order_id", "status", "filled_qty", "exchange_time"],
                condition=models.Q(kind="order"),
                name="report_order_once",
            ),
            models.UniqueConstraint(
                fields=["account", "trade_id"], condition=models.Q(kind="trade"), name="report_trade_once"
            ),
        ]
        indexes: ClassVar = [
            # the shard's worker: what is not applied yet
            models.Index(fields=["shard", "id"], condition=models.Q(applied_at=None), name="report_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.broker_order_id} {self.status}"

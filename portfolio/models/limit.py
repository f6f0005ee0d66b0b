"""Limits of an account and the reservations that count against them before orders fill."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import WorkspaceOwned


class Limit(WorkspaceOwned):
    """A bound that blocks new entries when it would be passed. Exits are never blocked."""

    class Kind(models.TextChoices):
        DAY_LOSS = "day_loss", "Day loss"
        OPEN_LOTS = "open_lots", "Open lots"

    public_id = PublicIdField("lim")
    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.PROTECT, related_name="limits")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    value = models.BigIntegerField(help_text="paise for day loss, lots for open lots")
    enabled = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "kind"], name="limit_once"),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="limit_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"


class Reservation(WorkspaceOwned):
    """Lots promised to a structure that is being entered; lasts until its orders filled or failed."""

    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.PROTECT, related_name="+")
    run_ref = models.CharField(max_length=40)
    cycle = models.PositiveIntegerField()
    lots = models.PositiveIntegerField()
    open = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run_ref", "cycle"], name="reservation_once"),
        ]
        indexes: ClassVar = [
            # limit check: what is promised on an account
            models.Index(fields=["account"], condition=models.Q(open=True), name="reservation_open"),
        ]

    def __str__(self) -> str:
        return f"{self.lots} lots for {self.run_ref}"

"""An account at a broker, real or paper; it belongs to exactly one market."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import WorkspaceOwned


class BrokerAccount(WorkspaceOwned):
    """Where orders go. `shard` (0-63, hash of the account) decides which worker owns its order flow."""

    class State(models.TextChoices):
        ACTIVE = "active"
        AUTH_REQUIRED = "auth_required"
        LOCKED = "locked"
        CLOSED = "closed"

    public_id = PublicIdField("acc")
    broker = models.CharField(max_length=16, default="paper", help_text="adapter: paper, kite, ...")
    name = models.CharField(max_length=60)
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    brokerage_plan = models.CharField(max_length=24, default="zerodha")
    capital_paise = models.BigIntegerField(default=1_000_000_00, help_text="paper: starting cash")
    state = models.CharField(max_length=14, choices=State.choices, default=State.ACTIVE)
    shard = models.PositiveSmallIntegerField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            # drainers: accounts of a shard
            models.Index(fields=["shard"], name="account_shard"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(shard__lt=64), name="account_shard_range"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_paper(self) -> bool:
        return self.broker == "paper"

    @property
    def mode(self) -> str:
        """`paper` or `live`, as marked in pages, API and exports."""
        return "paper" if self.is_paper else "live"

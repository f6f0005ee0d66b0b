"""A strategy is a name for a series of immutable spec versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import WorkspaceOwned


class Strategy(WorkspaceOwned):
    """What a trader designs and runs. `latest` is the newest version."""

    public_id = PublicIdField("str")
    name = models.CharField(max_length=80)
    latest = models.ForeignKey(
        "strategies.StrategyVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.CharField(
        max_length=40, blank=True, default="", help_text="public id of the listing it came from"
    )
    client_ref = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "strategies"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "client_ref"],
                condition=~models.Q(client_ref=""),
                name="strategy_client_ref_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StrategyVersion(models.Model):
    """One immutable spec. A database trigger refuses to change `spec` and `spec_hash`."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    spec = models.JSONField()
    spec_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["strategy", "number"], name="version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.strategy} v{self.number}"

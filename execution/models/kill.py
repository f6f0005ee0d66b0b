"""The kill switch: who stopped what, when, why, and who lifted it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import ScopedQuerySet


class KillSwitch(models.Model):
    """Active until lifted: no new entries. Without workspace it stops the whole platform."""

    class Level(models.TextChoices):
        PAUSE_ENTRIES = "pause_entries", "Pause new entries"
        CANCEL_ORDERS = "cancel_orders", "Cancel open orders"
        SQUARE_OFF = "square_off", "Square off everything"

    public_id = PublicIdField("kil")
    workspace = models.ForeignKey(
        "core.Workspace", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    level = models.CharField(max_length=14, choices=Level.choices)
    reason = models.CharField(max_length=200, blank=True, default="")
    pressed_by = models.CharField(max_length=120)
    pressed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=120, blank=True, default="")
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "kill switches"
        indexes: ClassVar = [
            # entry gate: what is active now
            models.Index(fields=["workspace"], condition=models.Q(lifted_at=None), name="killswitch_active"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} by {self.pressed_by}"

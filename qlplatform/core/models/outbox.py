"""News for the layers above, screens and webhooks, written in the transaction that makes them true."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField


class OutboxEvent(models.Model):
    """A fact (`noun.past_verb`) for the relay. `account` and `mode` follow the event envelope of the API."""

    public_id = PublicIdField("evt")
    workspace = models.ForeignKey("core.Workspace", null=True, on_delete=models.CASCADE, related_name="+")
    type = models.CharField(max_length=60)
    account = models.CharField(max_length=40, blank=True, default="")
    mode = models.CharField(max_length=8, blank=True, default="")
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    relayed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            # relay: the oldest facts not yet sent on
            models.Index(fields=["id"], condition=models.Q(relayed_at=None), name="outbox_waiting"),
            # "what happened since": resume of a live socket, activity list
            models.Index(fields=["workspace", "-id"], name="outbox_by_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"

"""The append-only audit trail: who did what, when, from where, before and after."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import ScopedQuerySet


class AuditEntry(models.Model):
    """One thing that was done or decided. Database triggers refuse UPDATE and DELETE."""

    public_id = PublicIdField("aud")
    workspace = models.ForeignKey("core.Workspace", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    user = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=12)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=40, blank=True, default="")
    target_id = models.CharField(max_length=60, blank=True, default="")
    text = models.CharField(max_length=400, blank=True, default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    ip = models.CharField(max_length=45, blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes: ClassVar = [
            # audit page: newest first of one workspace
            models.Index(fields=["workspace", "-id"], name="audit_by_workspace"),
            # history of one object
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"

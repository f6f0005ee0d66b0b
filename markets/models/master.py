"""Imports of instrument masters: what a file brought, what it changed, which rows were unusable."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField


class MasterImport(models.Model):
    """One file of one source, taken whole or not at all.

    `diff` holds, by kind of change (`renamed`, `lot_changed`, `expiry_shifted`, `tick_changed`,
    `freeze_changed`), up to 200 changes each as {"instrument", "before", "after"}; `counts` how many there
    were of each.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    public_id = PublicIdField("mst")
    source = models.CharField(max_length=24, help_text="nse_contract, udiff, kite, angelone …")
    day = models.DateField(help_text="the trading day the file speaks of")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    kept_as = models.CharField(max_length=300, blank=True, default="", help_text="below the data folder")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    rows = models.PositiveIntegerField(default=0, help_text="lines read")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0, help_text="unexpired contracts that are no longer listed")
    skipped = models.PositiveIntegerField(
        default=0, help_text="kinds of instrument the platform has no use for"
    )
    quarantined = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    diff = models.JSONField(default=dict, blank=True)
    message = models.CharField(max_length=300, blank=True, default="")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "day", "sha256"],
                condition=models.Q(state="done"),
                name="masterimport_once",
            ),
        ]
        indexes: ClassVar = [
            # the newest import of a source
            models.Index(fields=["source", "-day"], name="masterimport_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.day}"


class QuarantinedRow(models.Model):
    """A line of a master that could not be used, with the reason."""

    master = models.ForeignKey(MasterImport, on_delete=models.CASCADE, related_name="quarantine")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=32)
    reason = models.CharField(max_length=200)
    text = models.CharField(max_length=500)

    class Meta:
        ordering: ClassVar = ["line"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}"

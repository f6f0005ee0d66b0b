"""Who may send the orders of a shard."""

from __future__ import annotations

from django.db import models


class ShardLease(models.Model):
    """One row per shard. The owner renews; a taking raises `epoch`, which fences a frozen former owner."""

    shard = models.PositiveSmallIntegerField(primary_key=True)
    owner = models.CharField(max_length=80, blank=True, default="")
    epoch = models.BigIntegerField(default=0)
    until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"shard {self.shard} of {self.owner}"

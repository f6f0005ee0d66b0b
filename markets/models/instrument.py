"""The identity of everything tradable or quoted, across brokers and days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField


class Instrument(models.Model):
    """An index, future or option. An option is named by underlying, expiry, strike and right, never by a
    symbol.
    """

    class Kind(models.TextChoices):
        INDEX = "INDEX"
        FUT = "FUT"
        CE = "CE"
        PE = "PE"

    public_id = PublicIdField("ins")
    exchange = models.CharField(max_length=8, default="NSE")
    underlying = models.CharField(max_length=20)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    expiry = models.DateField(null=True, blank=True)
    strike_paise = models.BigIntegerField(null=True, blank=True)
    lot_size = models.PositiveIntegerField(default=1)
    tick_paise = models.PositiveIntegerField(default=5)
    symbol = models.CharField(max_length=40, help_text="as people read it: NIFTY 23 NOV 25400 CE")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["exchange", "underlying", "kind", "expiry", "strike_paise"],
                name="instrument_once",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [
            # chain of one expiry
            models.Index(fields=["underlying", "expiry", "strike_paise"], name="instrument_chain"),
        ]

    def __str__(self) -> str:
        return self.symbol

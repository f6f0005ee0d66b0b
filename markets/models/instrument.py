"""The identity of everything tradable or quoted, across brokers and days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField


class Instrument(models.Model):
    """An index, share, future or option. An option is named by underlying, expiry, strike and right, never by
    a symbol.

    Lot, tick and freeze quantity are those of the newest master that listed it. `exchange_token` is the
    exchange's own number of the contract, which is used again for another one after it expired.
    """

    class Kind(models.TextChoices):
        INDEX = "INDEX"
        EQ = "EQ"
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
    freeze_qty = models.PositiveIntegerField(null=True, blank=True, help_text="largest order in units")
    symbol = models.CharField(max_length=40, help_text="as people read it: NIFTY 23 NOV 25400 CE")
    exchange_token = models.CharField(max_length=20, blank=True, default="")
    first_seen = models.DateField(null=True, blank=True, help_text="day of the first master that listed it")
    last_seen = models.DateField(null=True, blank=True, help_text="day of the newest master that listed it")

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
            # masters: the contract an exchange's number stands for
            models.Index(fields=["exchange", "exchange_token"], name="instrument_token"),
        ]

    def __str__(self) -> str:
        return self.symbol

"""What a broker calls an instrument."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class InstrumentAlias(models.Model):
    """A broker's symbol, token and order limits for an instrument, as of its newest master (`seen_on`).

    Brokers use symbols and tokens again after a contract expired: look one up together with `seen_on`.
    """

    broker = models.CharField(max_length=16)
    instrument = models.ForeignKey("markets.Instrument", on_delete=models.CASCADE, related_name="aliases")
    exchange = models.CharField(max_length=12, help_text="the broker's segment: NFO, NSE_FO, NSE_FNO")
    symbol = models.CharField(max_length=64)
    token = models.CharField(max_length=40)
    lot_size = models.PositiveIntegerField(default=1)
    tick_paise = models.PositiveIntegerField(default=5)
    freeze_qty = models.PositiveIntegerField(null=True, blank=True, help_text="largest order in units")
    seen_on = models.DateField()

    class Meta:
        verbose_name_plural = "instrument aliases"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["broker", "instrument"], name="instrumentalias_once"),
        ]
        indexes: ClassVar = [
            # ticks and reports: the instrument a broker's token stands for
            models.Index(fields=["broker", "exchange", "token"], name="instrumentalias_token"),
        ]

    def __str__(self) -> str:
        return f"{self.broker} {self.symbol}"

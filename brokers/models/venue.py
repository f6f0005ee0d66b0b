"""The simulated exchange's own books. Only role `venue` writes them; others know them through the gateway."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class VenueOrder(models.Model):
    """An order at the simulated exchange. Committed before it is acknowledged."""

    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.CASCADE, related_name="+")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+")
    instrument = models.ForeignKey("markets.Instrument", on_delete=models.PROTECT, related_name="+")
    tag = models.CharField(max_length=20)
    side = models.CharField(max_length=4)
    qty = models.PositiveIntegerField()
    limit_paise = models.BigIntegerField()
    status = models.CharField(max_length=16)
    filled_qty = models.PositiveIntegerField(default=0)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    reason_text = models.CharField(max_length=240, blank=True, default="")
    accepted_at = models.DateTimeField(help_text="market time")
    updated_at = models.DateTimeField(help_text="market time")
    received_at = models.DateTimeField(help_text="wall time")

    class Meta:
        indexes: ClassVar = [
            # look-up by tag; not unique on purpose: a duplicate must be visible, not impossible
            models.Index(fields=["account", "tag"], name="venueorder_tag"),
            # reload at start: working orders of a market
            models.Index(fields=["market"], condition=models.Q(status="OPEN"), name="venueorder_open"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.qty} {self.tag}"

    @property
    def broker_order_id(self) -> str:
        return f"V{self.pk}"


class VenueTrade(models.Model):
    """A trade at the simulated exchange."""

    order = models.ForeignKey(VenueOrder, on_delete=models.CASCADE, related_name="trades")
    qty = models.PositiveIntegerField()
    price_paise = models.BigIntegerField()
    at = models.DateTimeField(help_text="market time")

    def __str__(self) -> str:
        return f"{self.qty} @ {self.price_paise}"

    @property
    def trade_id(self) -> str:
        return f"T{self.pk}"

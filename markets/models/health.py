"""What was wrong with data that came in: counted by day, source and reason, shown on the data page."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DataFault(models.Model):
    """How often a source delivered something unusable on a day, and the newest example of it."""

    day = models.DateField(help_text="IST")
    source = models.CharField(max_length=40, help_text="kite, udiff, replay …")
    code = models.CharField(max_length=32, help_text="crossed, bad_price, unknown_token …")
    count = models.PositiveBigIntegerField(default=0)
    example = models.CharField(max_length=300, blank=True, default="")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "source", "code"], name="datafault_once"),
        ]
        indexes: ClassVar = [
            # the data page: the newest days
            models.Index(fields=["-day", "source"], name="datafault_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source} {self.code} × {self.count}"


class VolatilityDay(models.Model):
    """The at-the-money implied volatility of an underlying at the end of a day: what IV rank compares with.

    Volatilities are decimals a year (0.135 = 13.5 %). `iv_30d` is interpolated in total variance to 30
    calendar days, `iv_near` that of the nearest expiry.
    """

    underlying = models.CharField(max_length=24)
    day = models.DateField(help_text="IST")
    iv_30d = models.FloatField(null=True, blank=True)
    iv_near = models.FloatField(null=True, blank=True)
    straddle_paise = models.BigIntegerField(null=True, blank=True, help_text="of the nearest expiry")
    source = models.CharField(max_length=40, help_text="live, or the name of a recorded set")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["underlying", "day"], name="volatilityday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.underlying} {self.day}"

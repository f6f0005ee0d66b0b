"""Dated facts of the exchanges: rows with an effective range, a source and a confidence, seeded from
data/market/*.csv.

Rules are looked up by date; nothing about the market is a constant in code. Admin edits them, with audit.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Fact(models.Model):
    """What every dated fact carries."""

    class Confidence(models.TextChoices):
        CONFIRMED = "confirmed"
        BELIEVED = "believed"

    source = models.CharField(max_length=240, blank=True, default="")
    confidence = models.CharField(max_length=10, choices=Confidence.choices, default=Confidence.CONFIRMED)
    note = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        abstract = True


class DatedFact(Fact):
    """A fact that holds from one date to another; no end = still in force."""

    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(effective_to=None)
                | models.Q(effective_to__gte=models.F("effective_from")),
                name="%(class)s_range",
            ),
        ]


class Holiday(Fact):
    """A day that is not an ordinary weekday session: closed, muhurat, or a special session."""

    class Kind(models.TextChoices):
        HOLIDAY = "HOLIDAY"
        MUHURAT = "MUHURAT"
        SPECIAL = "SPECIAL"

    date = models.DateField()
    exchange = models.CharField(max_length=8)
    segment = models.CharField(max_length=8)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    session_open = models.TimeField(null=True, blank=True)
    session_close = models.TimeField(null=True, blank=True)
    session2_open = models.TimeField(null=True, blank=True)
    session2_close = models.TimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["date", "exchange", "segment"], name="holiday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name} ({self.exchange})"


class SessionTime(DatedFact):
    """When a phase of a segment opens and closes."""

    segment = models.CharField(max_length=24)
    phase = models.CharField(max_length=40)
    open = models.TimeField(null=True, blank=True)
    close = models.TimeField(null=True, blank=True)

    class Meta(DatedFact.Meta):
        constraints: ClassVar = [
            *DatedFact.Meta.constraints,
            # one row for one start; what the seed and an import recognise a fact by
            models.UniqueConstraint(fields=["segment", "phase", "effective_from"], name="sessiontime_once"),
        ]

    def __str__(self) -> str:
        return f"{self.segment} {self.phase} from {self.effective_from}"


class ContractFact(DatedFact):
    """Lot size, expiry weekday, freeze quantity, tick, strike scheme of an underlying.

    `date_basis` tells which date the range speaks of: the contract's expiry, the trade date, or its
    introduction.
    """

    underlying = models.CharField(max_length=24)
    exchange = models.CharField(max_length=8)
    field = models.CharField(max_length=40)
    value = models.CharField(max_length=120)
    scope = models.CharField(max_length=60, blank=True, default="")
    date_basis = models.CharField(max_length=20)

    class Meta(DatedFact.Meta):
        constraints: ClassVar = [
            *DatedFact.Meta.constraints,
            # one row for one start; what the seed and an import recognise a fact by
            models.UniqueConstraint(
                fields=["underlying", "field", "scope", "date_basis", "effective_from"],
                name="contractfact_once",
            ),
        ]
        indexes: ClassVar = [
            # look-up of one fact of one underlying
            models.Index(fields=["underlying", "field"], name="contractfact_lookup"),
        ]

    def __str__(self) -> str:
        return f"{self.underlying} {self.field} {self.value}"


class ChargeRate(DatedFact):
    """A statutory or exchange charge."""

    class Unit(models.TextChoices):
        PERCENT = "percent", "percent"
        PER_CRORE = "INR per crore", "₹ per crore"

    segment = models.CharField(max_length=16)
    item = models.CharField(max_length=24)
    rate = models.DecimalField(max_digits=12, decimal_places=6)
    unit = models.CharField(max_length=24, choices=Unit.choices)
    basis = models.CharField(max_length=120)
    side = models.CharField(max_length=20)

    class Meta(DatedFact.Meta):
        constraints: ClassVar = [
            *DatedFact.Meta.constraints,
            # one row for one start; what the seed and an import recognise a fact by
            models.UniqueConstraint(
                fields=["segment", "item", "side", "effective_from"], name="chargerate_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment} {self.item} {self.rate} {self.unit}"


class BrokerageRate(DatedFact):
    """What a broker bills per executed order: flat rupees, or a percentage with cap and floor."""

    broker = models.CharField(max_length=24)
    segment = models.CharField(max_length=16)
    flat_inr = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    pct = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    cap_inr = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    floor_inr = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta(DatedFact.Meta):
        constraints: ClassVar = [
            *DatedFact.Meta.constraints,
            # one row for one start; what the seed and an import recognise a fact by
            models.UniqueConstraint(
                fields=["broker", "segment", "effective_from"], name="brokeragerate_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.broker} {self.segment}"


class MarketRule(DatedFact):
    """A number the exchange or a regulator sets: price protection, position limits, margin parameters, rates.

    `subject` is an underlying or a group such as INDEX_OPT, "" for all; so is `exchange`.
    """

    name = models.CharField(max_length=48)
    exchange = models.CharField(max_length=8, blank=True, default="")
    subject = models.CharField(max_length=24, blank=True, default="")
    value = models.DecimalField(max_digits=20, decimal_places=6)
    unit = models.CharField(max_length=24)

    class Meta(DatedFact.Meta):
        constraints: ClassVar = [
            *DatedFact.Meta.constraints,
            # one row for one start; what the seed and an import recognise a fact by
            models.UniqueConstraint(
                fields=["name", "exchange", "subject", "effective_from"], name="marketrule_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject} {self.value} {self.unit}"


class Halt(Fact):
    """Trading of a segment stopped for everybody: a market-wide circuit breaker or an outage.

    Until `pre_open_at` nothing trades, then orders are collected, and at `resumes_at` trading goes on;
    without `resumes_at` the day is over.
    """

    exchange = models.CharField(max_length=8)
    segment = models.CharField(max_length=8, default="FO")
    starts_at = models.DateTimeField()
    pre_open_at = models.DateTimeField(null=True, blank=True)
    resumes_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exchange", "segment", "starts_at"], name="halt_once"),
            models.CheckConstraint(
                condition=models.Q(resumes_at=None) | models.Q(resumes_at__gt=models.F("starts_at")),
                name="halt_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exchange} {self.segment} halted {self.starts_at:%d %b %Y}: {self.reason}"

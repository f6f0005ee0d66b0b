"""A run: one activation of a deployment on one trading day, its events, legs and decisions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import WorkspaceOwned


class Run(WorkspaceOwned):
    """The engine is its only writer once opened. `state` is the core's state; `event_seq` counts its events,
    `event_done` the events already decided on, `price_seq` the last snapshot evaluated.
    """

    class Phase(models.TextChoices):
        ARMED = "ARMED"
        ENTERING = "ENTERING"
        RUNNING = "RUNNING"
        EXITING = "EXITING"
        COMPLETED = "COMPLETED"
        ERROR = "ERROR"

    CLOSED = (Phase.COMPLETED, Phase.ERROR)

    public_id = PublicIdField("run")
    deployment = models.ForeignKey("execution.Deployment", on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey("strategies.StrategyVersion", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.PROTECT, related_name="+")
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey("portfolio.Book", on_delete=models.PROTECT, related_name="+")
    shard = models.PositiveSmallIntegerField()
    multiplier = models.PositiveIntegerField(default=1)
    trading_date = models.DateField()
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.ARMED)
    outcome = models.CharField(max_length=40, blank=True, default="", help_text="code of how it ended")
    outcome_text = models.CharField(max_length=240, blank=True, default="")
    paused = models.BooleanField(default=False)
    state = models.JSONField(null=True)
    event_seq = models.PositiveIntegerField(default=0)
    event_done = models.PositiveIntegerField(default=0)
    price_seq = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField(help_text="market time")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="market time")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deployment", "trading_date"], name="run_once_a_day"),
        ]
        indexes: ClassVar = [
            # engine: open runs of a shard
            models.Index(
                fields=["shard"], condition=~models.Q(phase__in=["COMPLETED", "ERROR"]), name="run_open"
            ),
            # engine: runs that have something to hear
            models.Index(
                fields=["shard"], condition=models.Q(event_seq__gt=models.F("event_done")), name="run_behind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deployment.strategy} {self.trading_date}"

    @property
    def is_open(self) -> bool:
        return self.phase not in self.CLOSED


class RunEvent(models.Model):
    """Something a run must hear: fill, order_done, command. Numbered per run under its row lock, read in that
    order.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    data = models.JSONField()
    at = models.DateTimeField(help_text="market time")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "seq"], name="runevent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}.{self.seq} {self.kind}"


class Leg(models.Model):
    """One piece of a leg that was opened: what a trader sees as a leg of the position."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="legs")
    cycle = models.PositiveIntegerField(default=1)
    leg_id = models.CharField(max_length=12)
    instrument = models.ForeignKey("markets.Instrument", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=4)
    lots = models.PositiveIntegerField()
    qty = models.PositiveIntegerField()
    entry_qty = models.PositiveIntegerField(default=0)
    entry_value_paise = models.BigIntegerField(default=0)
    exit_qty = models.PositiveIntegerField(default=0)
    exit_value_paise = models.BigIntegerField(default=0)
    entered_at = models.DateTimeField(null=True, blank=True)
    exited_at = models.DateTimeField(null=True, blank=True)
    stop = models.CharField(max_length=24, blank=True, default="", help_text="rupees")
    target = models.CharField(max_length=24, blank=True, default="", help_text="rupees")
    exit_reason = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "cycle", "leg_id"], name="leg_once"),
        ]

    def __str__(self) -> str:
        return f"{self.leg_id} {self.side} {self.instrument}"

    @property
    def open_qty(self) -> int:
        return self.entry_qty - self.exit_qty


class Decision(models.Model):
    """One line of the decision log: what was decided, why, and the inputs seen."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="decisions")
    at = models.DateTimeField(help_text="market time")
    price_seq = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=16, help_text="plan, open, close, cancel, level, note, end")
    code = models.CharField(max_length=40, blank=True, default="")
    leg_id = models.CharField(max_length=12, blank=True, default="")
    text = models.CharField(max_length=400)
    inputs = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            # decision log of a run
            models.Index(fields=["run", "id"], name="decision_by_run"),
        ]

    def __str__(self) -> str:
        return self.text

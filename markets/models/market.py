"""A market: the live one, or one replay of a recorded session with a clock of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import ScopedQuerySet


class Market(models.Model):
    """Where accounts trade. Exactly one is live (no workspace); a replay belongs to one workspace and is
    never used again.

    `now` is the market's clock (UTC); a replay's is moved by the feed only. `seq` is the newest published
    snapshot.
    """

    class Kind(models.TextChoices):
        LIVE = "live"
        REPLAY = "replay"

    class State(models.TextChoices):
        READY = "ready"
        PLAYING = "playing"
        PAUSED = "paused"
        ENDED = "ended"

    public_id = PublicIdField("mkt")
    workspace = models.ForeignKey(
        "core.Workspace", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    underlying = models.CharField(max_length=20, blank=True, default="")
    session_date = models.DateField(null=True, blank=True)
    source = models.CharField(
        max_length=200, blank=True, default="", help_text="name of the stored session set"
    )
    speed = models.PositiveIntegerField(
        default=60, help_text="market seconds per wall second; 0 = as fast as it can"
    )
    slippage_paise = models.PositiveIntegerField(default=0, help_text="paise a fill is worse than the price")
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    steps = models.PositiveIntegerField(default=0, help_text="bars still to play while paused")
    until_decision = models.BooleanField(default=False, help_text="run flat out until something is decided")
    seq = models.BigIntegerField(default=0)
    now = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="", help_text="why it waits, in plain words")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind"], condition=models.Q(kind="live"), name="market_one_live"),
            models.CheckConstraint(
                condition=models.Q(kind="live", workspace=None)
                | models.Q(kind="replay", workspace__isnull=False),
                name="market_replay_has_workspace",
            ),
        ]
        indexes: ClassVar = [
            # the feed: replays it has to play
            models.Index(fields=["state"], condition=~models.Q(state="ended"), name="market_open"),
        ]

    def __str__(self) -> str:
        return "Live" if self.kind == self.Kind.LIVE else f"Replay {self.underlying} {self.session_date}"

    @property
    def is_replay(self) -> bool:
        return self.kind == self.Kind.REPLAY

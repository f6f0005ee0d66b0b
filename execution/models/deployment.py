"""A deployment: one strategy on one account; it owns a schedule and a book. Paper or live follows from the
account.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MinValueValidator
from django.db import models

from qlplatform.core.errors import OperatorError
from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import WorkspaceOwned

if TYPE_CHECKING:
    from strategies.models import StrategyVersion


class Deployment(WorkspaceOwned):
    """`version` pins a spec version; null follows the strategy's latest."""

    class State(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        ARCHIVED = "archived"

    public_id = PublicIdField("dep")
    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.PROTECT, related_name="deployments")
    version = models.ForeignKey(
        "strategies.StrategyVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.PROTECT, related_name="+")
    basket = models.ForeignKey(
        "baskets.Basket", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    book = models.OneToOneField("portfolio.Book", on_delete=models.PROTECT, related_name="+")
    multiplier = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(multiplier__gte=1), name="deployment_multiplier"),
        ]

    def __str__(self) -> str:
        return f"{self.strategy} on {self.account}"

    @property
    def current_version(self) -> StrategyVersion:
        """The spec version its next run will trade. OperatorError for a strategy without any version."""
        version = self.version or self.strategy.latest
        if version is None:
            raise OperatorError(f"The strategy “{self.strategy}” has no version.", code="no_version")
        return version

    @property
    def mode(self) -> str:
        return self.account.mode


class Schedule(models.Model):
    """When a deployment's next run opens, in its market's time. Claimed in batches; null = nothing due."""

    deployment = models.OneToOneField(Deployment, on_delete=models.CASCADE, related_name="schedule")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+")
    next_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            # open_due: what is due in a market
            models.Index(
                fields=["market", "next_due_at"],
                condition=models.Q(next_due_at__isnull=False),
                name="schedule_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id} at {self.next_due_at}"

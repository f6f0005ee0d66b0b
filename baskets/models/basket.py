"""A basket: strategies that are run together, each with a multiplier."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import WorkspaceOwned


class Basket(WorkspaceOwned):
    """A named group; deployments may belong to one."""

    public_id = PublicIdField("bsk")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=240, blank=True, default="")
    capital_paise = models.BigIntegerField(default=0, help_text="capital set aside, 0 = not set")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="basket_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class BasketMember(models.Model):
    """A strategy in a basket, scaled by `multiplier`."""

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="members")
    strategy = models.ForeignKey("strategies.Strategy", on_delete=models.PROTECT, related_name="+")
    multiplier = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["basket", "strategy"], name="basketmember_once"),
            models.CheckConstraint(condition=models.Q(multiplier__gte=1), name="basketmember_multiplier"),
        ]

    def __str__(self) -> str:
        return f"{self.strategy} × {self.multiplier}"

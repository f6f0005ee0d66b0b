"""A node of the virtual ledger: account -> basket -> deployment. Apps above hold the key to their book."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import WorkspaceOwned


class Book(WorkspaceOwned):
    """Where fills are booked. Every account has one root book; deployments have a leaf below it."""

    class Kind(models.TextChoices):
        ACCOUNT = "account"
        BASKET = "basket"
        DEPLOYMENT = "deployment"

    public_id = PublicIdField("bok")
    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(kind="account"), name="book_one_per_account"
            ),
        ]

    def __str__(self) -> str:
        return self.name

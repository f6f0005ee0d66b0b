"""P&L over the day, one point per book and minute."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PnlPoint(models.Model):
    """P&L of a book at an instant of its market. net = realised + unrealised - charges."""

    book = models.ForeignKey("portfolio.Book", on_delete=models.CASCADE, related_name="pnl_points")
    at = models.DateTimeField()
    realised_paise = models.BigIntegerField()
    unrealised_paise = models.BigIntegerField()
    charges_paise = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "at"], name="pnlpoint_once"),
        ]

    def __str__(self) -> str:
        return f"{self.book_id} {self.at}"

    @property
    def net_paise(self) -> int:
        return self.realised_paise + self.unrealised_paise - self.charges_paise

"""Fills, written once, and the positions they add up to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField
from qlplatform.core.tenancy import WorkspaceOwned


class Fill(WorkspaceOwned):
    """A trade of ours as the broker confirmed it. Append-only. References to runs and orders are plain,
    upwards news is not a key.

    `charges_paise`: this fill's share of its order's charges (the order is rounded once, the first fill
    carries the start).
    """

    public_id = PublicIdField("fil")
    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey("portfolio.Book", on_delete=models.PROTECT, related_name="+")
    instrument = models.ForeignKey("markets.Instrument", on_delete=models.PROTECT, related_name="+")
    trade_id = models.CharField(max_length=40)
    side = models.CharField(max_length=4)
    qty = models.PositiveIntegerField()
    price_paise = models.BigIntegerField()
    charges_paise = models.BigIntegerField(default=0)
    at = models.DateTimeField(help_text="exchange time")
    trading_date = models.DateField()
    order_ref = models.CharField(max_length=40, help_text="public id of the order")
    run_ref = models.CharField(max_length=40, blank=True, default="")
    leg_ref = models.CharField(max_length=24, blank=True, default="", help_text="cycle-leg, e.g. 1-L1")
    purpose = models.CharField(max_length=6)
    reason = models.CharField(max_length=24, blank=True, default="")
    decision_price_paise = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "trade_id"], name="fill_once"),
            models.CheckConstraint(condition=models.Q(qty__gt=0, price_paise__gt=0), name="fill_positive"),
        ]
        indexes: ClassVar = [
            # charges of an order so far
            models.Index(fields=["order_ref"], name="fill_by_order"),
            # trades of a run
            models.Index(fields=["run_ref", "id"], name="fill_by_run"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.qty} @ {self.price_paise}"


class Position(WorkspaceOwned):
    """What a book holds of one instrument. A deployment's fills are in its own book and in the account's root
    book (net).

    `net_qty` is signed; `cost_paise` is the signed cost of the open quantity (average cost): unrealised =
    net_qty * mark - cost.
    """

    public_id = PublicIdField("pos")
    account = models.ForeignKey("brokers.BrokerAccount", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey("portfolio.Book", on_delete=models.PROTECT, related_name="positions")
    instrument = models.ForeignKey("markets.Instrument", on_delete=models.PROTECT, related_name="+")
    trading_date = models.DateField()
    net_qty = models.IntegerField(default=0)
    cost_paise = models.BigIntegerField(default=0)
    buy_qty = models.PositiveIntegerField(default=0)
    buy_value_paise = models.BigIntegerField(default=0)
    sell_qty = models.PositiveIntegerField(default=0)
    sell_value_paise = models.BigIntegerField(default=0)
    realised_paise = models.BigIntegerField(default=0, help_text="gross of charges")
    charges_paise = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "instrument", "trading_date"], name="position_once"),
        ]
        indexes: ClassVar = [
            # valuation: everything of an account
            models.Index(fields=["account"], name="position_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.net_qty} {self.instrument}"

"""The day's curve: P&L of every book, once a minute of market time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from markets.models import Market
from portfolio.models import PnlPoint
from portfolio.selectors import book_pnl
from qlplatform.core.clock import IST


def pnl_record(*, market: Market, at: datetime, marks: Mapping[int, int]) -> int:
    """Keep the P&L of every book of `market` that traded on the day of `at`; returns the number of books.

    One point a minute: the first call of a minute counts, later ones change nothing.
    """
    minute = at.replace(second=0, microsecond=0)
    points = [
        PnlPoint(
            book_id=book_id,
            at=minute,
            realised_paise=pnl.realised_paise,
            unrealised_paise=pnl.unrealised_paise,
            charges_paise=pnl.charges_paise,
        )
        for book_id, pnl in book_pnl(market, at.astimezone(IST).date(), marks).items()
    ]
    PnlPoint.objects.bulk_create(points, ignore_conflicts=True)
    return len(points)

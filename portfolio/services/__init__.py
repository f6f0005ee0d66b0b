"""Writes of the portfolio: books, the ledger of fills, limits and reservations, the day's curve."""

from __future__ import annotations

from portfolio.domain.limits import LimitBreached
from portfolio.services.books import book_create_basket, book_create_deployment, book_for_account
from portfolio.services.curve import pnl_record
from portfolio.services.ledger import fill_apply
from portfolio.services.limits import limit_check, limit_set, limits_copy, limits_seed
from portfolio.services.reservations import reservation_release, reserve

__all__ = [
    "LimitBreached",
    "book_create_basket",
    "book_create_deployment",
    "book_for_account",
    "fill_apply",
    "limit_check",
    "limit_set",
    "limits_copy",
    "limits_seed",
    "pnl_record",
    "reservation_release",
    "reserve",
]

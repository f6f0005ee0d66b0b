"""The virtual ledger: books, fills, positions, reservations, limits, P&L points."""

from portfolio.models.book import Book
from portfolio.models.ledger import Fill, Position
from portfolio.models.limit import Limit, Reservation
from portfolio.models.pnl import PnlPoint

__all__ = ["Book", "Fill", "Limit", "PnlPoint", "Position", "Reservation"]

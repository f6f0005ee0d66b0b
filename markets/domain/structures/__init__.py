"""A structure while it is built: its legs valued, and what it may earn (docs/margin.md, docs/api.md)."""

from __future__ import annotations

from markets.domain.structures.legs import (
    BUY,
    CALL,
    FUTURE,
    MOST_LEGS,
    MOST_PAISE,
    PUT,
    SELL,
    Finding,
    Leg,
    findings,
    refuse,
)
from markets.domain.structures.outlook import Curves, Grid, Outlook, outlook
from markets.domain.structures.valued import GIVEN, MARKET, MODEL, Quoted, Term, Valued, forward, valued

__all__ = [
    "BUY",
    "CALL",
    "FUTURE",
    "GIVEN",
    "MARKET",
    "MODEL",
    "MOST_LEGS",
    "MOST_PAISE",
    "PUT",
    "SELL",
    "Curves",
    "Finding",
    "Grid",
    "Leg",
    "Outlook",
    "Quoted",
    "Term",
    "Valued",
    "findings",
    "forward",
    "outlook",
    "refuse",
    "valued",
]

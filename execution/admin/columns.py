"""How columns are written: IST on one line, Indian digits, quantities with their lots."""

from __future__ import annotations

from datetime import datetime

from qlplatform.core.clock import IST
from qlplatform.core.indian import grouped, price_text

NOTHING = "–"


def stamp(at: datetime | None) -> str:
    """20 Nov 13:41:52, IST; a dash for none."""
    return f"{at.astimezone(IST):%-d %b %H:%M:%S}" if at else NOTHING


def amount(paise: int | None) -> str:
    """₹12,345.50; a dash for none."""
    return NOTHING if paise is None else price_text(paise)


def average(value_paise: int, qty: int) -> str:
    """Average price to the paisa; a dash while nothing has filled."""
    return price_text((2 * value_paise + qty) // (2 * qty)) if qty else NOTHING


def filled(done: int, wanted: int) -> str:
    """50 of 1,800 units."""
    return f"{grouped(done)} of {grouped(wanted)}"

"""Reading one snapshot: prices quoted in it, and marks."""

from __future__ import annotations

from strategies.engine.types import Contract, PriceEvent


def fresh_price(event: PriceEvent, contract: Contract | None) -> int | None:
    """The price quoted in this very event; None without one. Only such a price triggers an entry or a leg's
    rule.
    """
    price = None if contract is None else event.ltp.get(contract.key)
    return price if price is not None and price > 0 else None


def known_price(event: PriceEvent, contract: Contract | None) -> int | None:
    """The price of this event, else the last known one, else None."""
    if contract is None:
        return None
    return fresh_price(event, contract) or event.marks.get(contract.key)

"""Positions by average cost, in whole paise, without ever losing one.

Let cash = sold − bought (paise). The signed cost of what is open is kept as an integer, and realised = cash +
cost by definition. A partial close releases its share of the cost, rounded to the paisa; what rounding takes
from one close it gives to the next, and when the position is flat its cost is zero, so the realised sum is
exactly sold − bought. Realised + unrealised = cash + net × mark, whatever was rounded in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BUY: Final = "BUY"
SELL: Final = "SELL"
SIGN: Final = {BUY: 1, SELL: -1}


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held of one instrument: `net_qty` in signed units, `cost_paise` its signed cost."""

    net_qty: int = 0
    cost_paise: int = 0
    buy_qty: int = 0
    buy_value_paise: int = 0
    sell_qty: int = 0
    sell_value_paise: int = 0

    @property
    def realised_paise(self) -> int:
        """Gross of charges."""
        return self.sell_value_paise - self.buy_value_paise + self.cost_paise

    def unrealised_paise(self, mark_paise: int) -> int:
        """Gain of what is open at this price; exact."""
        return self.net_qty * mark_paise - self.cost_paise

    def after(self, side: str, qty: int, price_paise: int) -> Holding:
        """The holding after a trade of `qty` units; ValueError unless quantity and price are positive."""
        if side not in SIGN or qty <= 0 or price_paise <= 0:
            raise ValueError(f"Not a trade: {side} {qty} at {price_paise} paise.")
        signed, value = SIGN[side] * qty, qty * price_paise
        bought, sold = (qty, 0) if side == BUY else (0, qty)
        return Holding(
            net_qty=self.net_qty + signed,
            cost_paise=self._cost_after(signed, price_paise),
            buy_qty=self.buy_qty + bought,
            buy_value_paise=self.buy_value_paise + (value if bought else 0),
            sell_qty=self.sell_qty + sold,
            sell_value_paise=self.sell_value_paise + (value if sold else 0),
        )

    def _cost_after(self, signed: int, price_paise: int) -> int:
        net = self.net_qty + signed
        if self.net_qty * signed >= 0:
            return self.cost_paise + signed * price_paise
        if net * self.net_qty > 0:
            return rounded_share(self.cost_paise, abs(net), abs(self.net_qty))
        return net * price_paise  # closed, or turned round: what is open now was opened by this trade


def rounded_share(paise: int, part: int, whole: int) -> int:
    """paise × part ÷ whole, to the nearest paisa, halves away from zero."""
    size = (2 * abs(paise) * part + whole) // (2 * whole)
    return size if paise >= 0 else -size


def average_paise(net_qty: int, cost_paise: int) -> int | None:
    """The average price of what is open, to the paisa, for showing only; None when flat."""
    return rounded_share(abs(cost_paise), 1, abs(net_qty)) if net_qty else None


def lots(net_qty: int, lot_size: int) -> int:
    """Lots held, signed; a broken lot counts as a whole one."""
    whole = -(-abs(net_qty) // lot_size)
    return whole if net_qty >= 0 else -whole

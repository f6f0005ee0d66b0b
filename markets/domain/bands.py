"""Price protection of options: the exchange's limit price protection, and our limit instead of a bare market
order.

Brokers take no MARKET orders for derivatives through their API, so an order that must trade at once is a
limit beyond the last price. Exchange rule: limit price protection, NSE/FAOP/54242, from 31-Oct-2022 (BSE the
same since 1-Dec-2025).
"""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import NamedTuple

from qlplatform.core.money import tick_ceil, tick_floor

# NSE/FAOP/54242: options within ± ₹20 of a reference up to ₹50, within ± 40 % above it.
LPP_SMALL_REFERENCE_PAISE = 50_00
LPP_POINTS_PAISE = 20_00
LPP_PERCENT = 40

# A small premium needs room in rupees: 2 % of ₹5 is two ticks. Our own rule, not the exchange's.
SMALL_PREMIUM_PAISE = 25_00
SMALL_PREMIUM_ROOM_PAISE = 50


class PriceRange(NamedTuple):
    """Lowest and highest price an order may carry, in paise, both allowed."""

    low: int
    high: int


def lpp_range(*, reference_paise: int, tick_paise: int) -> PriceRange:
    """The exchange's protection range of an option around a reference price, on the tick grid, never below
    one tick.
    """
    if reference_paise <= LPP_SMALL_REFERENCE_PAISE:
        room = LPP_POINTS_PAISE
    else:
        room = reference_paise * LPP_PERCENT // 100
    low = max(tick_ceil(reference_paise - room, tick_paise), tick_paise)
    return PriceRange(low, tick_floor(reference_paise + room, tick_paise))


def marketable_limit(
    *, side: str, ltp_paise: int, protection_pct: Decimal | int, tick_paise: int, slack_paise: int = 0
) -> int:
    """The limit in paise of an order that must trade now: `protection_pct` beyond the last price, at least
    ₹0.50 when the premium is below ₹25, plus `slack_paise` (known slippage of a simulated exchange), inside
    the protection range.
    """
    room = _protection(ltp_paise, Decimal(protection_pct)) + slack_paise
    allowed = lpp_range(reference_paise=ltp_paise, tick_paise=tick_paise)
    if side == "BUY":
        return min(tick_ceil(ltp_paise + room, tick_paise), allowed.high)
    return max(tick_floor(ltp_paise - room, tick_paise), allowed.low)


def _protection(ltp_paise: int, percent: Decimal) -> int:
    room = ceil(ltp_paise * percent / 100)  # rounded up: never less room than asked for
    return max(room, SMALL_PREMIUM_ROOM_PAISE) if ltp_paise < SMALL_PREMIUM_PAISE else room

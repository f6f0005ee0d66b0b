"""Which prices an exchange accepts, and our limit instead of a bare market order.

Three layers reject a price: the operating range of the day, limit price protection around the recent trades
(NSE/FAOP/54242 from 31-Oct-2022, BSE from 1-Dec-2025; before them the trade execution range), and the tick.
The numbers are dated rules. Brokers take no MARKET orders for derivatives through their API, so an order that
must trade at once is a limit beyond the last price.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Final, NamedTuple

from markets.domain.rules import RuleBook
from qlplatform.core.money import round_half_up, tick_ceil, tick_floor

# A small premium needs room in rupees: 2 % of ₹5 is two ticks. Our own rule, not the exchange's.
SMALL_PREMIUM_PAISE = 25_00
SMALL_PREMIUM_ROOM_PAISE = 50


class PriceRange(NamedTuple):
    """Lowest and highest price an order may carry, in paise, both allowed."""

    low: int
    high: int


class Protection(NamedTuple):
    """How far from its reference a price may be: a percentage of it, at least an amount."""

    percent: Decimal
    least_paise: int

    def room(self, reference_paise: int) -> int:
        """The distance allowed, in paise."""
        return max(int(reference_paise * self.percent / 100), self.least_paise)


USUAL: Final = Protection(Decimal(40), 20_00)
"""Of options on both exchanges; what counts when no fact tells, since an exit must be able to leave."""


def protection(rules: RuleBook, *, exchange: str, group: str, underlying: str = "", on: date) -> Protection:
    """Limit price protection of a group (INDEX_OPT, INDEX_FUT, STOCK_OPT, STOCK_FUT), or of one underlying
    that has its own; the trade execution range for dates before it. Raises UserError `fact_missing`.
    """
    own = f"{underlying}_{group.rpartition('_')[2]}"
    for name in ("lpp", "execution_range"):
        percent = rules.find(f"{name}_percent", on, exchange=exchange, subject=(own, group))
        if percent is not None:
            least = rules.number(f"{name}_min", on, exchange=exchange, subject=(own, group))
            return Protection(percent.value, round_half_up(least * 100))
    return Protection(rules.number("lpp_percent", on, exchange=exchange, subject=(own, group)), 0)


def lpp_range(*, reference_paise: int, tick_paise: int, protection: Protection) -> PriceRange:
    """The protection range around a reference price, on the tick grid, never below one tick."""
    return _around(reference_paise, protection.room(reference_paise), tick_paise)


def operating_range(
    rules: RuleBook,
    *,
    base_paise: int,
    tick_paise: int,
    exchange: str,
    group: str,
    on: date,
    flexes: int = 0,
    drill: bool = False,
) -> PriceRange:
    """The day's range of a future around its base price, `flexes` times widened by the exchange; `drill`: on
    a Saturday of a switch-over drill. Options have contract-specific ones (from the exchange's file only):
    UserError `fact_missing`.
    """
    name = "operating_range_drill" if drill else "operating_range"
    percent = rules.number(name, on, exchange=exchange, subject=group)
    if flexes:
        percent += flexes * rules.number("operating_range_flex", on, exchange=exchange, subject=group)
    return _around(base_paise, int(base_paise * percent / 100), tick_paise)


def auction_band(
    rules: RuleBook, *, reference_paise: int, tick_paise: int, exchange: str, group: str, on: date
) -> PriceRange | None:
    """The band futures follow while their shares are in the closing auction; None before there was one."""
    rule = rules.find("auction_band", on, exchange=exchange, subject=group)
    if rule is None:
        return None
    return _around(reference_paise, int(reference_paise * rule.value / 100), tick_paise)


class PriceCode(StrEnum):
    OK = "ok"
    NOT_POSITIVE = "not_positive"
    OFF_TICK = "off_tick"
    OUT_OF_RANGE = "out_of_range"
    ABOVE_PROTECTION = "above_protection"
    BELOW_PROTECTION = "below_protection"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an exchange would say of a limit price."""

    code: PriceCode
    text: str = ""

    @property
    def ok(self) -> bool:
        return self.code is PriceCode.OK


def check_price(
    *,
    side: str,
    price_paise: int,
    tick_paise: int,
    protected: PriceRange | None = None,
    operating: PriceRange | None = None,
) -> Verdict:
    """Whether an exchange takes a limit price. Limit price protection refuses a buy only above its range and
    a sell only below; the operating range refuses both ways. A range that is not known is not checked.
    """
    if price_paise <= 0:
        return Verdict(PriceCode.NOT_POSITIVE, "A price must be more than zero.")
    if price_paise % tick_paise:
        return Verdict(PriceCode.OFF_TICK, f"The price must be a multiple of {tick_paise} paise.")
    if operating is not None and not operating.low <= price_paise <= operating.high:
        text = f"Today's prices lie between {operating.low / 100:.2f} and {operating.high / 100:.2f}."
        return Verdict(PriceCode.OUT_OF_RANGE, text)
    if protected is not None and side == "BUY" and price_paise > protected.high:
        text = f"A buy above {protected.high / 100:.2f} is refused by limit price protection."
        return Verdict(PriceCode.ABOVE_PROTECTION, text)
    if protected is not None and side == "SELL" and price_paise < protected.low:
        text = f"A sell below {protected.low / 100:.2f} is refused by limit price protection."
        return Verdict(PriceCode.BELOW_PROTECTION, text)
    return Verdict(PriceCode.OK)


def marketable_limit(
    *,
    side: str,
    ltp_paise: int,
    protection_pct: Decimal | int,
    tick_paise: int,
    protection: Protection,
    slack_paise: int = 0,
) -> int:
    """The limit in paise of an order that must trade now: `protection_pct` beyond the last price, at least
    ₹0.50 when the premium is below ₹25, plus `slack_paise` (known slippage of a simulated exchange), inside
    the exchange's protection range.
    """
    room = _beyond(ltp_paise, Decimal(protection_pct)) + slack_paise
    allowed = lpp_range(reference_paise=ltp_paise, tick_paise=tick_paise, protection=protection)
    if side == "BUY":
        return min(tick_ceil(ltp_paise + room, tick_paise), allowed.high)
    return max(tick_floor(ltp_paise - room, tick_paise), allowed.low)


def _around(middle_paise: int, room: int, tick_paise: int) -> PriceRange:
    low = max(tick_ceil(middle_paise - room, tick_paise), tick_paise)
    return PriceRange(low, tick_floor(middle_paise + room, tick_paise))


def _beyond(ltp_paise: int, percent: Decimal) -> int:
    room = ceil(ltp_paise * percent / 100)  # rounded up: never less room than asked for
    return max(room, SMALL_PREMIUM_ROOM_PAISE) if ltp_paise < SMALL_PREMIUM_PAISE else room

"""What the simulated exchange accepts and at which price it trades. Pure: facts in, verdicts out.

An order fills whole, at the last price of the newest price event made worse by the market's slippage, when
its contract was quoted in that event and its limit allows the price. Otherwise it rests until an event brings
such a price.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from brokers.gateway import OrderRequest, Side

TAG_MAX_LEN: Final = 20
MAX_QTY: Final = 10_000_000
MAX_LIMIT_PAISE: Final = 1_00_00_000_00


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What the exchange knows about a contract; `freeze_qty` None = no known limit for that day."""

    underlying: str
    symbol: str
    tradable: bool
    expiry: date | None
    lot_size: int
    tick_paise: int
    freeze_qty: int | None


@dataclass(frozen=True, slots=True)
class Floor:
    """State of the account and its market when an order arrives; `underlying` "" = all trade here."""

    account_open: bool
    market_open: bool
    underlying: str
    today: date


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an order was refused, expired or filled in an unusual way: stable code and plain words."""

    code: str
    text: str


Rule = Callable[[OrderRequest, ContractTerms, Floor], Reason | None]


def _account(order: OrderRequest, terms: ContractTerms, floor: Floor) -> Reason | None:
    if floor.account_open:
        return None
    return Reason("account_closed", "This account is closed; use another account.")


def _market(order: OrderRequest, terms: ContractTerms, floor: Floor) -> Reason | None:
    if floor.market_open:
        return None
    return Reason("market_closed", "The market is closed; send the order in the next session.")


def _listed(order: OrderRequest, terms: ContractTerms, floor: Floor) -> Reason | None:
    if floor.underlying and terms.underlying != floor.underlying:
        return Reason("wrong_market", f"This market trades {floor.underlying}, not {terms.underlying}.")
    if not terms.tradable:
        return Reason("not_tradable", f"{terms.symbol} is an index; trade its options or futures.")
    if terms.expiry is not None and terms.expiry < floor.today:
        return Reason("contract_expired", f"{terms.symbol} expired on {terms.expiry}.")
    return None


def _quantity(order: OrderRequest, terms: ContractTerms, floor: Floor) -> Reason | None:
    if order.qty % terms.lot_size:
        return Reason(
            "lot_multiple", f"Quantity {order.qty} is not a multiple of the lot size {terms.lot_size}."
        )
    if terms.freeze_qty is not None and order.qty > terms.freeze_qty:
        return Reason("over_freeze", f"Quantity {order.qty} is above the freeze quantity {terms.freeze_qty}.")
    return None


def _limit(order: OrderRequest, terms: ContractTerms, floor: Floor) -> Reason | None:
    if order.limit_paise % terms.tick_paise:
        return Reason("off_tick", f"The limit must be a multiple of the tick, {terms.tick_paise} paise.")
    return None


RULES: tuple[Rule, ...] = (_account, _listed, _quantity, _limit, _market)


def malformed(order: OrderRequest) -> Reason | None:
    """What makes `order` unfit to be entered into the books at all, or None."""
    if not 0 < len(order.tag) <= TAG_MAX_LEN:
        return Reason("bad_tag", f"A tag has 1 to {TAG_MAX_LEN} characters.")
    if not 0 < order.qty <= MAX_QTY:
        return Reason("bad_quantity", f"Quantity must be between 1 and {MAX_QTY}.")
    if not 0 < order.limit_paise <= MAX_LIMIT_PAISE:
        return Reason("bad_limit", "The limit must be more than zero and at most one crore rupees.")
    return None


def refusal(order: OrderRequest, terms: ContractTerms, floor: Floor) -> Reason | None:
    """The first rule `order` breaks, or None when the exchange accepts it."""
    return next((no for rule in RULES if (no := rule(order, terms, floor))), None)


def fill_price(*, side: Side, ltp_paise: int, slippage_paise: int, tick_paise: int) -> int:
    """The price a trader gets: `slippage_paise` worse than the last price, never below one tick."""
    return max(ltp_paise + side.sign * slippage_paise, tick_paise)


def match(
    *, side: Side, limit_paise: int, ltp_paise: int | None, slippage_paise: int, tick_paise: int
) -> int | None:
    """The price at which an order trades now, or None: not quoted, or its limit does not allow the price."""
    if ltp_paise is None:
        return None
    price = fill_price(side=side, ltp_paise=ltp_paise, slippage_paise=slippage_paise, tick_paise=tick_paise)
    allowed = price <= limit_paise if side is Side.BUY else price >= limit_paise
    return price if allowed else None

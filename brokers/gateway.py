"""The port to a broker: one logged-in account. Adapters implement it; nobody above knows which broker it is.

Adapters raise only `brokers.errors`, return only the types below and own no policy: what to send, when, how
often and what to do when the outcome is unknown is decided by execution. Prices are paise, quantities units,
times aware UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Side(StrEnum):
    """Direction of an order; `sign` is +1 for BUY and -1 for SELL."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def sign(self) -> int:
        return 1 if self is Side.BUY else -1


class OrderStatus(StrEnum):
    """A broker's status word in our vocabulary. UNKNOWN: a word the adapter does not know; moves nothing."""

    ACCEPTED = "ACCEPTED"
    OPEN = "OPEN"
    PARTIAL = "PARTIAL"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    UNKNOWN = "UNKNOWN"


class Product(StrEnum):
    """MIS is closed by the broker the same day; NRML may be carried."""

    MIS = "MIS"
    NRML = "NRML"


class Validity(StrEnum):
    DAY = "DAY"


@dataclass(frozen=True, slots=True)
class InstrumentRef:
    """What an adapter needs to name an instrument at its broker; `key` is `markets.Instrument.pk`."""

    key: int
    exchange: str
    symbol: str
    lot_size: int
    tick_paise: int


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """One broker order: always a limit order, since no bare MARKET order may leave for F&O.

    `tag` (at most 20 characters) comes back in every report; `account_ref` is `BrokerAccount.public_id`.
    """

    tag: str
    account_ref: str
    instrument: InstrumentRef
    side: Side
    qty: int
    limit_paise: int
    product: Product = Product.MIS
    validity: Validity = Validity.DAY


@dataclass(frozen=True, slots=True)
class BrokerRef:
    """The broker's name of an order. Having one means accepted, not filled."""

    broker_order_id: str


@dataclass(frozen=True, slots=True)
class OrderReport:
    """An order as the broker sees it now; `filled_qty` is cumulative. A cancelled order can carry fills."""

    broker_order_id: str
    tag: str
    instrument_key: int
    side: Side
    qty: int
    limit_paise: int
    status: OrderStatus
    filled_qty: int
    exchange_time: datetime
    reason_code: str = ""
    reason_text: str = ""


@dataclass(frozen=True, slots=True)
class TradeReport:
    """One trade; `trade_id` is unique in the account."""

    trade_id: str
    broker_order_id: str
    tag: str
    instrument_key: int
    side: Side
    qty: int
    price_paise: int
    exchange_time: datetime


@dataclass(frozen=True, slots=True)
class PositionReport:
    """What the broker says the account holds: units bought and sold and the money of each side."""

    instrument_key: int
    buy_qty: int
    buy_value_paise: int
    sell_qty: int
    sell_value_paise: int

    @property
    def net_qty(self) -> int:
        """Units held; negative is short."""
        return self.buy_qty - self.sell_qty


@dataclass(frozen=True, slots=True)
class Capabilities:
    """How a broker differs, as data.

    An order is proven absent by `reads` complete order-book reads at least `read_gap_s` apart, all begun
    later than the send's `send_timeout_s` + `settle_s`, none of them holding the tag.
    """

    broker: str
    send_timeout_s: float
    settle_s: float
    read_gap_s: float
    reads: int = 2
    tag_max_len: int = 20
    orders_per_second: int = 10


class BrokerGateway(Protocol):
    """One account at one broker."""

    caps: Capabilities

    async def place(self, order: OrderRequest) -> BrokerRef:
        """Send `order`. Raises Rejected, Throttled, SessionExpired, NotSent; OutcomeUnknown once it left."""
        ...

    async def cancel(self, ref: BrokerRef) -> None:
        """Cancel what is not filled. Rejected: it is no longer open (perhaps filled), or never was."""
        ...

    async def order_by_tag(self, tag: str) -> OrderReport | None:
        """The oldest order carrying `tag`, None when the broker shows none. Failed reads raise NotSent."""
        ...

    async def order_book(self) -> Sequence[OrderReport]:
        """Every order of the trading day, oldest first; an order sent twice shows twice."""
        ...

    async def trade_book(self) -> Sequence[TradeReport]:
        """Every trade of the trading day, oldest first."""
        ...

    async def positions(self) -> Sequence[PositionReport]:
        """Net holdings by instrument, flat ones included."""
        ...

    async def close(self) -> None:
        """Give back connections, shared ones too, once nothing is under way; the next call opens new ones."""
        ...

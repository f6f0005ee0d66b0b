"""What the ledger is told about a trade: the order it belongs to, and the trade itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


class AccountFacts(Protocol):
    """What the ledger needs to know of an account."""

    @property
    def pk(self) -> int: ...
    @property
    def workspace_id(self) -> int: ...
    @property
    def brokerage_plan(self) -> str: ...


class InstrumentFacts(Protocol):
    """What the ledger needs to know of an instrument."""

    @property
    def pk(self) -> int: ...
    @property
    def exchange(self) -> str: ...
    @property
    def underlying(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """The order a trade belongs to. References to runs, legs and reasons are plain text, for attribution."""

    account: AccountFacts
    book_id: int
    instrument: InstrumentFacts
    side: str
    trading_date: date
    order_ref: str
    run_ref: str = ""
    leg_ref: str = ""
    purpose: str = "ENTRY"
    reason: str = ""
    decision_price_paise: int | None = None


@dataclass(frozen=True, slots=True)
class TradeFacts:
    """One trade as the broker confirmed it; `trade_id` is unique in the account, `at` is exchange time."""

    trade_id: str
    qty: int
    price_paise: int
    at: datetime

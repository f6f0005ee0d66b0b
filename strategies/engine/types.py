"""What goes into the decision core and what comes out of it.

The core is one pure function, `decide(program, state, event) -> Step`. These are the types of its events and
decisions. Prices are integer paise, quantities are units, instants are aware datetimes; instruments are named
by their integer key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol


class Side(StrEnum):
    """Direction of a leg or an order; `sign` is +1 for BUY and -1 for SELL."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def sign(self) -> int:
        return 1 if self is Side.BUY else -1

    @property
    def opposite(self) -> Side:
        return Side.SELL if self is Side.BUY else Side.BUY


class Right(StrEnum):
    CE = "CE"
    PE = "PE"


class Purpose(StrEnum):
    """Why an order exists."""

    ENTRY = "ENTRY"
    EXIT = "EXIT"


class ExitReason(StrEnum):
    """The closed list of exit reasons (strategy vocabulary, section 9)."""

    LEG_SL = "LEG_SL"
    LEG_TRAIL = "LEG_TRAIL"
    LEG_COST = "LEG_COST"
    LEG_TARGET = "LEG_TARGET"
    LEG_PARTIAL = "LEG_PARTIAL"
    LEG_TIME = "LEG_TIME"
    RANGE_SL = "RANGE_SL"
    INDICATOR = "INDICATOR"
    SIGNAL = "SIGNAL"
    SQUARE_OFF_COMPLETE = "SQUARE_OFF_COMPLETE"
    OVERALL_SL = "OVERALL_SL"
    OVERALL_TRAIL = "OVERALL_TRAIL"
    OVERALL_TARGET = "OVERALL_TARGET"
    LOCK_FLOOR = "LOCK_FLOOR"
    UNDERLYING_RANGE = "UNDERLYING_RANGE"
    EXIT_TIME = "EXIT_TIME"
    DTE_EXIT = "DTE_EXIT"
    ROLL = "ROLL"
    ADJUSTMENT = "ADJUSTMENT"
    UNWIND = "UNWIND"
    PORTFOLIO_GUARD = "PORTFOLIO_GUARD"
    ACCOUNT_GUARD = "ACCOUNT_GUARD"
    KILL_SWITCH = "KILL_SWITCH"
    MANUAL = "MANUAL"
    BROKER_SQUARE_OFF = "BROKER_SQUARE_OFF"
    EXPIRY_SETTLEMENT = "EXPIRY_SETTLEMENT"
    MARGIN_FAIL = "MARGIN_FAIL"
    RECONCILED = "RECONCILED"


class RunPhase(StrEnum):
    """Where a run stands (strategy vocabulary, section 9)."""

    ARMED = "ARMED"
    ENTERING = "ENTERING"
    RUNNING = "RUNNING"
    EXITING = "EXITING"
    COMPLETED = "COMPLETED"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class Contract:
    """One tradable option contract as the core sees it."""

    key: int
    expiry: date
    strike_paise: int
    right: Right
    lot_size: int
    tick_paise: int = 5


class Chain(Protocol):
    """The contracts listed on the trading day; static within a session."""

    def expiries(self) -> tuple[date, ...]:
        """Listed expiries, ascending, none before the trading day."""

    def strikes(self, expiry: date) -> tuple[int, ...]:
        """Listed strikes of `expiry` in paise, ascending."""

    def contract(self, expiry: date, strike_paise: int, right: Right) -> Contract | None:
        """The listed contract, or None when it is not listed."""


# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True)
class PriceEvent:
    """One snapshot: all quotes of one instant, applied together, then rules run once (vocabulary, section 0).

    `ltp` holds only prices quoted in this event, `marks` the last known price of every instrument (carried
    prices included): a carried price marks a position but never triggers a rule of its own leg.
    """

    seq: int
    at: datetime
    spot_paise: int | None
    ltp: Mapping[int, int]
    marks: Mapping[int, int]
    chain: Chain


@dataclass(frozen=True, slots=True)
class FillEvent:
    """Part or all of an order of this run traded. `order_ref` is the ref given by the core in OpenLeg or
    CloseLeg.
    """

    order_ref: str
    qty: int
    price_paise: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OrderDone:
    """An order of this run ended without (all of) its quantity: rejected, cancelled or expired. Fills came
    before.
    """

    order_ref: str
    outcome: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EntryBlocked:
    """The answer to PlanEntry when a limit, kill switch or pause forbids it: nothing was sent."""

    code: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Command:
    """An operator's or guard's order: SQUARE_OFF (reason tells whose), PAUSE, RESUME."""

    kind: str
    reason: ExitReason
    text: str
    at: datetime


Event = PriceEvent | FillEvent | OrderDone | EntryBlocked | Command

# ---------------------------------------------------------------- decisions


@dataclass(frozen=True, slots=True)
class PlannedLeg:
    leg_id: str
    contract: Contract
    side: Side
    lots: int
    qty: int
    price_paise: int


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """The whole structure about to be entered. The caller reserves limits for it before it applies the other
    decisions of the step; when refused it drops the step and feeds EntryBlocked to the *old* state.
    """

    cycle: int
    legs: tuple[PlannedLeg, ...]
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenLeg:
    """Send this entry order now."""

    order_ref: str
    leg_id: str
    cycle: int
    contract: Contract
    side: Side
    qty: int
    price_paise: int
    text: str
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CloseLeg:
    """Send this exit order now. `side` is the order's side; `price_paise` the mark known at the decision,
    None without one.
    """

    order_ref: str
    leg_id: str
    cycle: int
    contract: Contract
    side: Side
    qty: int
    price_paise: int | None
    reason: ExitReason
    text: str
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cancel what is left of this order."""

    order_ref: str
    text: str


@dataclass(frozen=True, slots=True)
class LevelSet:
    """A stop or target level was set or moved; exact level as a decimal string of rupees."""

    leg_id: str
    kind: str
    level: str
    text: str
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth telling in the decision log: why it did not trade, waited, was blocked."""

    code: str
    text: str
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run is over: phase COMPLETED or ERROR."""

    phase: RunPhase
    code: str
    text: str


Decision = PlanEntry | OpenLeg | CloseLeg | CancelOrder | LevelSet | Note | RunEnded


@dataclass(frozen=True, slots=True)
class Waits:
    """What the state waits for next: the caller may skip events that can wake none of it.

    `bands`: instrument key -> (dn, up) in paise, wake when price <= dn or >= up (None = that side is open);
    `next_at`: next instant the clock matters; `every_event`: True while any price event may matter (waiting
    for an entry, overall rules).
    """

    bands: Mapping[int, tuple[int | None, int | None]]
    next_at: datetime | None
    every_event: bool

"""A small market for the decision core: a listed chain, and a run whose orders fill at the price of the
event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from strategies.engine.decide import Step, decide
from strategies.engine.program import IST, Program, compile
from strategies.engine.state import RunState, initial
from strategies.engine.types import (
    CancelOrder,
    CloseLeg,
    Contract,
    Decision,
    Event,
    FillEvent,
    LevelSet,
    Note,
    OpenLeg,
    OrderDone,
    PriceEvent,
    Right,
    RunEnded,
)
from strategies.spec import parse_spec

DAY = date(2022, 6, 8)  # a Wednesday
EXPIRY = date(2022, 6, 9)
LOT = 50


@dataclass(frozen=True)
class ListedChain:
    contracts: Mapping[tuple[date, int, Right], Contract]

    def expiries(self) -> tuple[date, ...]:
        return tuple(sorted({expiry for expiry, _, _ in self.contracts}))

    def strikes(self, expiry: date) -> tuple[int, ...]:
        return tuple(sorted({strike for listed, strike, _ in self.contracts if listed == expiry}))

    def contract(self, expiry: date, strike_paise: int, right: Right) -> Contract | None:
        return self.contracts.get((expiry, strike_paise, right))


def chain(
    strikes: range = range(15000, 17001, 50), *, without: tuple[tuple[int, Right], ...] = ()
) -> ListedChain:
    """Strikes in rupees, both rights, except those of `without`. Keys are strike * 10, plus 1 for a put."""
    listed = {}
    for strike in strikes:
        for right in Right:
            if (strike, right) not in without:
                key = key_of(strike, right)
                listed[EXPIRY, strike * 100, right] = Contract(key, EXPIRY, strike * 100, right, LOT)
    return ListedChain(listed)


def key_of(strike: int, right: str) -> int:
    return strike * 10 + (right == Right.PE)


CHAIN = chain()
CE, PE = key_of(16000, "CE"), key_of(16000, "PE")


def at(clock: str) -> datetime:
    return datetime.combine(DAY, time.fromisoformat(clock), tzinfo=IST)


def leg(side: str = "SELL", right: str = "CE", offset: int = 0, **rules: Any) -> dict[str, Any]:
    strike_by = {"method": "ATM_OFFSET", "offset": offset}
    return {"side": side, "right": right, "lots": 1, "strike_by": strike_by} | rules


def points(value: Any) -> dict[str, Any]:
    return {"type": "PREMIUM_POINTS", "value": value}


def percent(value: Any) -> dict[str, Any]:
    return {"type": "PREMIUM_PCT", "value": value}


def step_trail(x: Any, y: Any, unit: str = "POINTS") -> dict[str, Any]:
    return {"type": "STEP", "unit": unit, "x": x, "y": y}


def spec_of(*legs: dict[str, Any], **fields: Any) -> dict[str, Any]:
    head = {"name": "test", "underlying": "NIFTY", "entry_time": "09:20", "exit_time": "15:15"}
    return head | {"legs": list(legs)} | fields


def program_of(*legs: dict[str, Any], multiplier: int = 1, day: date = DAY, **fields: Any) -> Program:
    return compile(parse_spec(spec_of(*legs, **fields)), multiplier=multiplier, trading_date=day)


@dataclass
class Run:
    """Feeds events to the core. `fills` answers an order with (qty, price) or None to leave it working."""

    program: Program
    chain: ListedChain = CHAIN
    state: RunState = field(init=False)
    log: list[Decision] = field(default_factory=list)
    marks: dict[int, int] = field(default_factory=dict)
    fills: Callable[[OpenLeg | CloseLeg, int], tuple[int, int] | None] = lambda order, mark: (order.qty, mark)
    seq: int = 0

    def __post_init__(self) -> None:
        self.state = initial(self.program)

    def price(self, clock: str, spot: float | None = 16010, **prices: float) -> list[Decision]:
        """One snapshot; prices in rupees by contract name like ce16000."""
        quotes = {
            key_of(int(name[2:]), name[:2].upper()): round(value * 100) for name, value in prices.items()
        }
        return self.quotes(clock, quotes, None if spot is None else round(spot * 100))

    def quotes(
        self, clock: str, quotes: Mapping[int, int], spot_paise: int | None = 1601000
    ) -> list[Decision]:
        self.seq += 1
        self.marks |= quotes
        return self.feed(PriceEvent(self.seq, at(clock), spot_paise, quotes, dict(self.marks), self.chain))

    def feed(self, event: Event) -> list[Decision]:
        """Decide, carry out, and feed what the venue answers until it is quiet."""
        decisions = list(self.step(event).decisions)
        queue = [(order, event.at) for order in decisions]
        while queue:
            order, when = queue.pop(0)
            for answer in self.answers(order, when):
                more = self.step(answer).decisions
                decisions += more
                queue += [(each, when) for each in more]
        return decisions

    def step(self, event: Event) -> Step:
        step = decide(self.program, self.state, event)
        self.state = step.state
        self.log += step.decisions
        return step

    def answers(self, order: Decision, when: datetime) -> list[Event]:
        if isinstance(order, CancelOrder):
            return [OrderDone(order.order_ref, "CANCELLED", "", when)]
        if not isinstance(order, OpenLeg | CloseLeg):
            return []
        fill = self.fills(order, self.marks[order.contract.key])
        return [] if fill is None else [FillEvent(order.order_ref, *fill, when)]

    def opened(self) -> list[str]:
        return [order.order_ref for order in self.log if isinstance(order, OpenLeg)]

    def closed(self) -> dict[str, str]:
        """Exit reason by leg."""
        return {order.leg_id: str(order.reason) for order in self.log if isinstance(order, CloseLeg)}

    def levels(self, kind: str = "stop") -> list[str]:
        return [move.level for move in self.log if isinstance(move, LevelSet) and move.kind == kind]

    def notes(self) -> list[str]:
        return [note.code for note in self.log if isinstance(note, Note)]

    def ended(self) -> str | None:
        ends = [f"{end.phase}:{end.code}" for end in self.log if isinstance(end, RunEnded)]
        return ends[-1] if ends else None


def entered(*legs: dict[str, Any], ce: float = 100, pe: float = 100, **fields: Any) -> Run:
    """A run that entered at 09:20 with the 16000 CE and PE at the given prices."""
    run = Run(program_of(*legs, **fields))
    run.price("09:20", ce16000=ce, pe16000=pe)
    return run

"""The decision core against the plain computation, on every bundled session."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from strategies.engine.program import compile
from strategies.engine.types import CloseLeg, Contract, FillEvent, OpenLeg, PriceEvent, Right
from strategies.spec import parse_spec
from tests.oracle.plain import LOT, Day, Trade, load_day, trades_of
from tests.oracle.specs import SPECS
from tests.unit.strategies.driver import ListedChain, Run

SESSIONS = Path(__file__).parents[2] / "data" / "sessions" / "nifty_2022-06"
OPTIONS, INDEX = SESSIONS / "options.parquet", SESSIONS / "index.parquet"

Row = tuple[str, int, Any, Decimal, Any, Decimal, str]


def bundled_days() -> list[date]:
    return sorted({stamp.date() for stamp in pq.read_table(INDEX, columns=["ts"])["ts"].to_pylist()})


@dataclass
class Venue:
    """Fills each order at the contract's price in the first event that quotes it, the deciding event
    included.
    """

    run: Run
    working: list[OpenLeg | CloseLeg] = field(default_factory=list)
    filled: dict[str, tuple[OpenLeg | CloseLeg, FillEvent]] = field(default_factory=dict)

    def play(self, event: PriceEvent) -> None:
        self.take(event)
        while ready := next((order for order in self.working if order.contract.key in event.ltp), None):
            self.working.remove(ready)
            fill = FillEvent(ready.order_ref, ready.qty, event.ltp[ready.contract.key], event.at)
            self.filled[ready.order_ref] = ready, fill
            self.take(fill)

    def take(self, event: PriceEvent | FillEvent) -> None:
        decisions = self.run.step(event).decisions
        self.working += [order for order in decisions if isinstance(order, OpenLeg | CloseLeg)]

    def rows(self) -> list[Row]:
        names = [leg.id for leg in self.run.program.legs if f"1-{leg.id}-X-1" in self.filled]
        return [_row(name, self.filled[f"1-{name}-E-1"], self.filled[f"1-{name}-X-1"]) for name in names]


def _row(name: str, opened: tuple[Any, FillEvent], closed: tuple[Any, FillEvent]) -> Row:
    (order, entry), (exit_order, leave) = opened, closed
    prices = [Decimal(fill.price_paise) / 100 for fill in (entry, leave)]
    strike = order.contract.strike_paise // 100
    return name, strike, entry.at, prices[0], leave.at, prices[1], str(exit_order.reason)


def events_of(day: Day) -> list[PriceEvent]:
    keys = {contract: key for key, contract in enumerate(sorted(day.listed))}
    listed = {
        (expiry, strike * 100, Right(right)): Contract(key, expiry, strike * 100, Right(right), LOT)
        for (expiry, strike, right), key in keys.items()
    }
    marks: dict[int, int] = {}
    events = []
    for seq, bar in enumerate(day.bars):
        ltp = {keys[contract]: int(price * 100) for contract, price in bar.closes.items()}
        marks = marks | ltp
        spot = None if bar.spot is None else int(bar.spot * 100)
        events.append(PriceEvent(seq, bar.at, spot, ltp, marks, ListedChain(listed)))
    return events


@pytest.mark.parametrize("day", bundled_days(), ids=str)
def test_the_core_and_the_plain_computation_trade_the_same(day: date) -> None:
    recorded = load_day(OPTIONS, INDEX, day)
    events = events_of(recorded)
    for name, rules in SPECS.items():
        venue = Venue(Run(compile(parse_spec(rules), multiplier=1, trading_date=day), events[0].chain))  # type: ignore[arg-type]
        for event in events:
            venue.play(event)
        assert (name, venue.rows()) == (name, [_expected(trade) for trade in trades_of(recorded, rules)])


def _expected(t: Trade) -> Row:
    return t.leg, t.strike, t.entry_ts, t.entry_price, t.exit_ts, t.exit_price, t.exit_reason

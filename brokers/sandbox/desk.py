"""The venue as asynchronous callers meet it: it works in one thread of its own, faults on demand included."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import Error as DbError
from django.db import connections

from brokers.errors import NotSent, OutcomeUnknown, Throttled
from brokers.gateway import OrderReport, OrderRequest, PositionReport, TradeReport
from brokers.sandbox.scenarios import ORDINARY, Scenario, Scenarios
from brokers.sandbox.venue import Venue
from markets.quotes import Snapshot
from qlplatform.core.clock import wall

P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """One thread, hence one database connection and first come, first served."""

    def __init__(self, venue: Venue, scenarios: Scenarios | None = None) -> None:
        self.venue = venue
        self.scenarios = scenarios
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="venue")

    async def place(self, order: OrderRequest, deadline: datetime) -> OrderReport:
        """Place `order`; NotSent when its turn comes after `deadline`, when its sender has given it up."""
        scenario = self.scenarios.take(order.account_ref) if self.scenarios else ORDINARY
        if scenario.throttled:
            raise Throttled("Too many orders; send it again later.")
        if scenario.lost:
            await asyncio.sleep(scenario.hold_s)
            raise NotSent("Lost by the test scenario.")
        if scenario.delay_s:
            await asyncio.sleep(scenario.delay_s)
            return await self._change(self.venue.place, order, scenario)
        try:
            return await self._change(self._place_in_time, order, deadline, scenario)
        finally:
            await asyncio.sleep(scenario.hold_s)

    async def cancel(self, account_ref: str, broker_order_id: str) -> OrderReport:
        """Cancel what is not filled."""
        return await self._change(self.venue.cancel, account_ref, broker_order_id)

    async def order_by_tag(self, account_ref: str, tag: str) -> OrderReport | None:
        """The oldest order with the tag."""
        return await self._read(self.venue.order_by_tag, account_ref, tag)

    async def order_book(self, account_ref: str) -> list[OrderReport]:
        """The account's orders of the trading day."""
        return await self._read(self.venue.order_book, account_ref)

    async def trade_book(self, account_ref: str) -> list[TradeReport]:
        """The account's trades of the trading day."""
        return await self._read(self.venue.trade_book, account_ref)

    async def positions(self, account_ref: str) -> list[PositionReport]:
        """What the account holds."""
        return await self._read(self.venue.positions, account_ref)

    async def price_event(self, snapshot: Snapshot) -> int:
        """Take the newest prices; how many working orders they filled."""
        return await self._change(self.venue.price_event, snapshot)

    async def session_close(self, market_id: int) -> int:
        """End the market's session; how many working orders it ended."""
        return await self._change(self.venue.session_close, market_id)

    def close(self) -> None:
        """Finish what was begun, then give the thread and its database connection back."""
        self._thread.submit(connections.close_all)
        self._thread.shutdown()

    def _place_in_time(self, order: OrderRequest, deadline: datetime, scenario: Scenario) -> OrderReport:
        if wall() > deadline:
            raise NotSent("The order came to its turn after its time-out and was not placed.")
        return self.venue.place(order, scenario)

    async def _change(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what writes. A failing commit may have happened all the same."""
        try:
            return await self._run(partial(work, *args, **kwargs))
        except DbError as error:
            raise OutcomeUnknown("The exchange lost its database while writing.") from error

    async def _read(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what only reads."""
        try:
            return await self._run(partial(work, *args, **kwargs))
        except DbError as error:
            raise NotSent("The exchange lost its database while reading.") from error

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

"""The way to the simulated exchange, and the one inside this process."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Protocol

from brokers.errors import OutcomeUnknown
from brokers.gateway import Capabilities, OrderReport, OrderRequest, PositionReport, TradeReport
from brokers.sandbox.desk import Desk
from qlplatform.core.clock import wall


class VenueClient(Protocol):
    """What the paper gateway asks of the venue, for any account. Raises only brokers.errors."""

    async def place(self, order: OrderRequest) -> OrderReport: ...
    async def cancel(self, account_ref: str, broker_order_id: str) -> None: ...
    async def order_by_tag(self, account_ref: str, tag: str) -> OrderReport | None: ...
    async def order_book(self, account_ref: str) -> list[OrderReport]: ...
    async def trade_book(self, account_ref: str) -> list[TradeReport]: ...
    async def positions(self, account_ref: str) -> list[PositionReport]: ...
    async def close(self) -> None: ...


class InProcessVenueClient:
    """The venue embedded in this process. A slow answer times out here as it would over a wire."""

    def __init__(self, desk: Desk, caps: Capabilities) -> None:
        self._desk = desk
        self._caps = caps

    async def place(self, order: OrderRequest) -> OrderReport:
        """Send an order; raises OutcomeUnknown when the answer does not come within the send time-out."""
        deadline = wall() + timedelta(seconds=self._caps.send_timeout_s)
        try:
            async with asyncio.timeout(self._caps.send_timeout_s):
                return await self._desk.place(order, deadline)
        except TimeoutError as error:
            raise OutcomeUnknown("The exchange did not answer in time; the order may exist.") from error

    async def cancel(self, account_ref: str, broker_order_id: str) -> None:
        """Cancel what is not filled."""
        await self._desk.cancel(account_ref, broker_order_id)

    async def order_by_tag(self, account_ref: str, tag: str) -> OrderReport | None:
        """The oldest order with the tag."""
        return await self._desk.order_by_tag(account_ref, tag)

    async def order_book(self, account_ref: str) -> list[OrderReport]:
        """The account's orders of the trading day."""
        return await self._desk.order_book(account_ref)

    async def trade_book(self, account_ref: str) -> list[TradeReport]:
        """The account's trades of the trading day."""
        return await self._desk.trade_book(account_ref)

    async def positions(self, account_ref: str) -> list[PositionReport]:
        """What the account holds."""
        return await self._desk.positions(account_ref)

    async def close(self) -> None:
        """Nothing to give back."""

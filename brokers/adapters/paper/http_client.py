"""The venue over HTTP. Every failed request ends in what is known about the order, never in a guess."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp

from brokers.adapters.paper.capabilities import paper_capabilities
from brokers.errors import BrokerError, NotSent, OutcomeUnknown
from brokers.gateway import Capabilities, OrderReport, OrderRequest, PositionReport, TradeReport
from brokers.sandbox import wire
from qlplatform.core.clock import wall

# Refused, unreachable, unresolvable, or no connection in time: not a byte of the request left.
NEVER_OPENED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)


class HttpVenueClient:
    """Keeps one pool of connections for each event loop it is used in."""

    def __init__(self, url: str, token: str, caps: Capabilities) -> None:
        self._url = url
        self._headers = {wire.TOKEN_HEADER: token, "Content-Type": wire.JSON_TYPE}
        self._caps = caps
        self._sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = (
            WeakKeyDictionary()
        )

    async def place(self, order: OrderRequest) -> OrderReport:
        """Send an order; the venue drops it when its turn comes after our time-out."""
        deadline = wall() + timedelta(seconds=self._caps.send_timeout_s)
        headers = {wire.DEADLINE_HEADER: deadline.isoformat()}
        return wire.order_report(
            await self._ask("POST", "/orders", data=wire.dump_order(order), headers=headers)
        )

    async def cancel(self, account_ref: str, broker_order_id: str) -> None:
        """Cancel what is not filled."""
        await self._ask("DELETE", f"/orders/{broker_order_id}", params={"account": account_ref})

    async def order_by_tag(self, account_ref: str, tag: str) -> OrderReport | None:
        """The oldest order with the tag."""
        found = await self._read("/orders/by-tag", account=account_ref, tag=tag)
        return None if found is None else wire.order_report(found)

    async def order_book(self, account_ref: str) -> list[OrderReport]:
        """The account's orders of the trading day."""
        return [wire.order_report(row) for row in await self._read("/orders", account=account_ref)]

    async def trade_book(self, account_ref: str) -> list[TradeReport]:
        """The account's trades of the trading day."""
        return [wire.trade_report(row) for row in await self._read("/trades", account=account_ref)]

    async def positions(self, account_ref: str) -> list[PositionReport]:
        """What the account holds."""
        return [wire.position_report(row) for row in await self._read("/positions", account=account_ref)]

    async def close(self) -> None:
        """Close this event loop's connections; the next request opens new ones."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.close()

    async def _read(self, path: str, **params: str) -> Any:
        """A request that changes nothing: however it fails, it may be repeated."""
        try:
            return await self._ask("GET", path, params=params)
        except OutcomeUnknown as error:
            raise NotSent(error.message) from error

    async def _ask(self, method: str, path: str, **options: Any) -> Any:
        try:
            async with self._pool().request(method, self._url + path, **options) as response:
                body = await response.read()
                if response.ok:
                    return wire.load(body)
                error: BrokerError = wire.load_error(response.status, body)
        except NEVER_OPENED as failure:
            raise NotSent("The exchange cannot be reached; nothing was sent.") from failure
        except (aiohttp.ClientError, TimeoutError, OSError) as failure:
            raise OutcomeUnknown("The answer of the exchange did not come; the order may exist.") from failure
        raise error

    def _pool(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None:
            timeout = aiohttp.ClientTimeout(
                total=self._caps.send_timeout_s, connect=self._caps.send_timeout_s / 2
            )
            session = self._sessions[loop] = aiohttp.ClientSession(headers=self._headers, timeout=timeout)
        return session


@cache
def http_client() -> HttpVenueClient:
    """The client of this process."""
    return HttpVenueClient(wire.venue_url(), wire.venue_token(), paper_capabilities())

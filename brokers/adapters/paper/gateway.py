"""The paper adapter: one account at the simulated exchange."""

from __future__ import annotations

from collections.abc import Sequence

from brokers.adapters.paper.capabilities import paper_capabilities
from brokers.adapters.paper.client import InProcessVenueClient, VenueClient
from brokers.adapters.paper.http_client import http_client
from brokers.gateway import (
    BrokerGateway,
    BrokerRef,
    Capabilities,
    OrderReport,
    OrderRequest,
    PositionReport,
    TradeReport,
)
from brokers.sandbox.embedded import embedded_desk


class PaperGateway:
    """`BrokerGateway` of a paper account; the client is shared by all accounts of the process."""

    def __init__(self, account_ref: str, client: VenueClient, caps: Capabilities) -> None:
        self.caps = caps
        self._account_ref = account_ref
        self._client = client

    async def place(self, order: OrderRequest) -> BrokerRef:
        """Send `order` to the simulated exchange."""
        if order.account_ref != self._account_ref:
            raise ValueError(f"order for {order.account_ref} given to the gateway of {self._account_ref}")
        report = await self._client.place(order)
        return BrokerRef(report.broker_order_id)

    async def cancel(self, ref: BrokerRef) -> None:
        """Cancel what is not filled."""
        await self._client.cancel(self._account_ref, ref.broker_order_id)

    async def order_by_tag(self, tag: str) -> OrderReport | None:
        """The oldest order carrying `tag`."""
        return await self._client.order_by_tag(self._account_ref, tag)

    async def order_book(self) -> Sequence[OrderReport]:
        """Orders of the trading day, oldest first."""
        return await self._client.order_book(self._account_ref)

    async def trade_book(self) -> Sequence[TradeReport]:
        """Trades of the trading day, oldest first."""
        return await self._client.trade_book(self._account_ref)

    async def positions(self) -> Sequence[PositionReport]:
        """Net holdings by instrument."""
        return await self._client.positions(self._account_ref)

    async def close(self) -> None:
        """Close the event loop's connections to the exchange."""
        await self._client.close()


def open_gateway(account_ref: str) -> BrokerGateway:
    """The gateway of a paper account: to the embedded venue if this process has one, else role `venue`."""
    desk = embedded_desk()
    caps = paper_capabilities()
    client = http_client() if desk is None else InProcessVenueClient(desk, caps)
    return PaperGateway(account_ref, client, caps)

"""The exchanges behind the gateways under test: the same levers whatever the wire."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, TypeVar

from aiohttp import web

from brokers.adapters.paper.http_client import http_client
from brokers.gateway import BrokerGateway, OrderRequest, Side
from brokers.models import BrokerAccount
from brokers.registry import open_gateway, use_venue
from brokers.sandbox.desk import Desk
from brokers.sandbox.feed import VenueFeed, open_feed
from brokers.sandbox.scenarios import Scenario, Scenarios
from brokers.sandbox.server import build_app
from brokers.sandbox.venue import Venue
from markets import quotes
from markets.models import Instrument
from tests.factories.stage import LOT, Stage, ref_of

T = TypeVar("T")


class PaperExchange:
    """Common to both ways of reaching the venue."""

    can_be_unreachable = False

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.scenarios = Scenarios()
        self._runner = asyncio.Runner()
        self.start()

    def start(self) -> None:
        """Open the exchange; again after `stop`, with nothing remembered."""
        raise NotImplementedError

    def stop(self) -> None:
        """Take the exchange down."""
        raise NotImplementedError

    def restart(self) -> None:
        """Down and up again."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Give everything back."""
        self.stop()
        self._runner.close()

    def gateway(self, account: BrokerAccount | None = None) -> BrokerGateway:
        """The gateway of an account, the first by default."""
        return open_gateway(account or self.stage.account)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for a gateway call."""
        return self._runner.run(work)

    def order(self, side: Side = Side.BUY, **changes: Any) -> OrderRequest:
        """An order for one lot of the call that any price in these tests allows."""
        wanted = {
            "tag": "r1-L1-E-1",
            "account_ref": self.stage.account.public_id,
            "instrument": ref_of(self.stage.call),
            "side": side,
            "qty": LOT,
            "limit_paise": 50_000 if side is Side.BUY else 5,
        }
        return OrderRequest(**wanted | changes)

    def prices(self, prices: Mapping[Instrument, int]) -> int:
        """One price event, given to the exchange first and published after, as the feed does."""
        snapshot = self.stage.next_snapshot(prices)
        filled = self.feed.price_event(snapshot)
        quotes.store(snapshot)
        return filled

    def end_session(self) -> int:
        """The close of the day."""
        return self.feed.session_close(self.stage.market.pk)

    def next_order(self, **scenario: Any) -> None:
        """How the next order of the account is treated."""
        self.scenarios.add(self.stage.account.public_id, Scenario(**scenario))

    @property
    def feed(self) -> VenueFeed:
        """The feed's way to the exchange."""
        return open_feed()


class InProcess(PaperExchange):
    """The venue embedded in this process."""

    def start(self) -> None:
        venue = Venue()
        venue.load()
        use_venue(venue, self.scenarios)

    def stop(self) -> None:
        use_venue(None)


class OverHttp(PaperExchange):
    """The venue behind its HTTP face, in a thread with an event loop of its own."""

    can_be_unreachable = True

    def __init__(self, stage: Stage, set_url: Callable[[str], None]) -> None:
        self._set_url = set_url
        self._feed: VenueFeed | None = None
        super().__init__(stage)

    def start(self) -> None:
        self._forget_connections()
        venue = Venue()
        venue.load()
        self._server = ServerThread(Desk(venue, self.scenarios))
        self._set_url(self._server.url)
        self._feed = open_feed()

    def stop(self) -> None:
        if self._feed is not None:
            self._feed.close()
        self._server.stop()

    def close(self) -> None:
        self._forget_connections()
        super().close()

    def _forget_connections(self) -> None:
        self.run(http_client().close())
        http_client.cache_clear()

    @property
    def feed(self) -> VenueFeed:
        assert self._feed is not None
        return self._feed


class ServerThread:
    """An aiohttp server on a free port of the loopback interface."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.url = self._in_loop(self._start())

    def stop(self) -> None:
        """Stop listening, cut what is open, end the thread."""
        self._in_loop(self._end())
        self._desk.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> str:
        self._app_runner = web.AppRunner(build_app(self._desk), access_log=None, shutdown_timeout=0.05)
        await self._app_runner.setup()
        site = web.TCPSite(self._app_runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._app_runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def _end(self) -> None:
        """Also end the requests a scenario holds back."""
        await self._app_runner.cleanup()
        held = asyncio.all_tasks() - {asyncio.current_task()}
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)

    def _in_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)


EXCHANGES: dict[str, Callable[..., PaperExchange]] = {
    "paper-in-process": lambda stage, set_url: InProcess(stage),
    "paper-over-http": partial(OverHttp),
}

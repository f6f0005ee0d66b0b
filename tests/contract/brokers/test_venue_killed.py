"""kill -9 of the simulated exchange: nothing accepted is lost, nothing is doubled, doubt is told as doubt."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import closing
from typing import Any, TypeVar

import pytest
from django.db import connection

from brokers.adapters.paper.http_client import http_client
from brokers.errors import BrokerError, NotSent, OutcomeUnknown
from brokers.gateway import BrokerRef, OrderRequest, OrderStatus, Side
from brokers.models import Report, VenueOrder
from brokers.registry import open_gateway
from brokers.sandbox.feed import open_feed
from tests.contract.brokers.venue_process import VenueProcess
from tests.factories.stage import LOT, Stage, ref_of

T = TypeVar("T")

pytestmark = pytest.mark.slow

ORDERS = 24


@pytest.fixture
def venue(stage: Stage, settings: Any) -> Iterator[VenueProcess]:
    process = VenueProcess()
    settings.QL_VENUE_URL = process.url
    http_client.cache_clear()
    process.start()
    yield process
    process.close()


def order(stage: Stage, tag: str) -> OrderRequest:
    return OrderRequest(tag, stage.account.public_id, ref_of(stage.call), Side.BUY, LOT, 50_000)


def prices(stage: Stage, paise: int) -> int:
    with closing(open_feed()) as feed:
        return feed.price_event(stage.next_snapshot({stage.call: paise}))


def ask(work: Coroutine[Any, Any, T]) -> T:
    """One gateway call in an event loop of its own."""

    async def and_close() -> T:
        try:
            return await work
        finally:
            await http_client().close()

    return asyncio.run(and_close())


def is_committed(tag: str) -> bool:
    try:
        return VenueOrder.objects.filter(tag=tag).exists()
    finally:
        connection.close()  # this thread's own


async def wait_for_row(tag: str) -> None:
    """Until the exchange has committed the order."""
    deadline = time.monotonic() + 10
    while not await asyncio.to_thread(is_committed, tag):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def test_bc70_killed_between_commit_and_answer(stage: Stage, venue: VenueProcess) -> None:
    async def place_and_kill() -> None:
        gateway = open_gateway(stage.account)
        sending = asyncio.create_task(gateway.place(order(stage, "doubt")))
        await wait_for_row("doubt")
        venue.kill()
        with pytest.raises(OutcomeUnknown):
            await sending
        with pytest.raises(NotSent):
            await gateway.order_by_tag("doubt")

    prices(stage, 10_000)
    venue.next_order(stage.account.public_id, hold_s=60)
    ask(place_and_kill())
    venue.start()
    (found,) = ask(open_gateway(stage.account).order_book())
    assert (found.tag, found.status, found.filled_qty) == ("doubt", OrderStatus.FILLED, LOT)
    assert Report.objects.filter(tag="doubt", kind="trade").count() == 1


def test_bc71_working_orders_survive_a_kill_and_the_feed_goes_on(stage: Stage, venue: VenueProcess) -> None:
    with closing(open_feed()) as feed:
        feed.price_event(stage.next_snapshot({stage.put: 9_000}))
        ask(open_gateway(stage.account).place(order(stage, "rests")))
        venue.kill()
        with pytest.raises(NotSent):
            feed.price_event(stage.next_snapshot({stage.put: 9_000}))
        venue.start()
        assert feed.price_event(stage.next_snapshot({stage.call: 10_000})) == 1
        assert feed.price_event(stage.next_snapshot({stage.call: 10_000})) == 0
    assert VenueOrder.objects.get(tag="rests").trades.count() == 1
    assert venue.stop() == 0


@pytest.mark.parametrize("answers_before_the_kill", [1, 9])
def test_bc72_killed_in_a_burst_of_orders(
    stage: Stage, venue: VenueProcess, answers_before_the_kill: int
) -> None:
    outcomes: dict[str, BrokerRef | BrokerError] = {}

    async def send(tag: str) -> None:
        try:
            outcomes[tag] = await open_gateway(stage.account).place(order(stage, tag))
        except BrokerError as error:
            outcomes[tag] = error
        if len(outcomes) == answers_before_the_kill:
            venue.kill()

    async def burst() -> None:
        await asyncio.gather(*(send(f"t{n}") for n in range(ORDERS)))

    prices(stage, 10_000)
    ask(burst())
    venue.start()
    book = ask(open_gateway(stage.account).order_book())
    seen = Counter(o.tag for o in book)
    for tag, outcome in outcomes.items():
        if isinstance(outcome, BrokerRef):
            assert [o.broker_order_id for o in book if o.tag == tag] == [outcome.broker_order_id]
        else:
            assert seen[tag] <= (0 if isinstance(outcome, NotSent) else 1)
    assert len(outcomes) == ORDERS
    assert {o.status for o in book} == {OrderStatus.FILLED}
    assert Report.objects.filter(kind="trade").count() == len(book)

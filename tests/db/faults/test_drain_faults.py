"""What a broker, an adapter or a report at fault may cost: its own order a delay, the others nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.db import connections, transaction

from brokers.errors import NotSent
from brokers.gateway import BrokerRef, OrderRequest
from execution.drain import ledger
from execution.drain.drain import Drain
from execution.drain.lease import Lease
from execution.drain.ledger import Outcome
from execution.models import Order, Run
from execution.services.events import run_lock
from execution.services.reports import reports_apply
from qlplatform.core.heartbeat import Pulse
from tests.factories.racing import wait_for_waiters
from tests.factories.trading import LOT, Floor, status, trade


class AwayGateway:
    """A broker that cannot be reached, or an adapter with a fault of its own."""

    def __init__(self, fault: Exception) -> None:
        self.fault, self.asked = fault, 0

    async def place(self, order: OrderRequest) -> BrokerRef:
        self.asked += 1
        raise self.fault

    async def cancel(self, ref: BrokerRef) -> None:
        raise self.fault

    async def close(self) -> None: ...


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


def one_round(loop: asyncio.AbstractEventLoop, order: Order, gateway: AwayGateway) -> int:
    """One round of a drain whose broker is `gateway`; how many things it did."""
    lease = Lease()
    lease.take([order.shard])
    drain = Drain(lease)
    drain._gateways[order.account_id] = gateway  # type: ignore[assignment]
    try:
        return loop.run_until_complete(drain.pass_once())
    finally:
        loop.run_until_complete(drain.close())
        lease.release()


def orders_of(floor: Floor, *states: str, **changes: Any) -> list[Order]:
    """Orders of one run, one in each of these states."""
    run = floor.run()
    return [
        floor.order(floor.intent(run, f"1-L{number}-E1"), state=state, **changes)
        for number, state in enumerate(states, start=1)
    ]


def states() -> list[str]:
    return list(Order.objects.order_by("id").values_list("state", flat=True))


def test_a_fault_of_an_adapter_leaves_the_outcome_open(
    racing_floor: Floor, loop: asyncio.AbstractEventLoop
) -> None:
    (order,) = orders_of(racing_floor, "NEW")

    one_round(loop, order, AwayGateway(KeyError("broker_order_id")))

    assert states() == ["UNKNOWN"]


def test_orders_behind_one_without_an_answer_wait(
    racing_floor: Floor, loop: asyncio.AbstractEventLoop
) -> None:
    orders = orders_of(racing_floor, "NEW", "NEW", "NEW")
    gateway = AwayGateway(KeyError("broker_order_id"))

    one_round(loop, orders[0], gateway)

    assert (gateway.asked, states()) == (1, ["UNKNOWN", "NEW", "NEW"])


def test_a_cancel_that_reached_nobody_is_no_work_done(
    racing_floor: Floor, loop: asyncio.AbstractEventLoop
) -> None:
    (order,) = orders_of(racing_floor, "OPEN", broker_order_id="V1", cancel_wanted=True)

    assert one_round(loop, order, AwayGateway(NotSent("away"))) == 0

    order.refresh_from_db()
    assert order.cancel_wanted


def test_a_report_that_cannot_be_applied_stops_no_other(floor: Floor) -> None:
    bad, good = orders_of(floor, "SENDING", "SENDING")
    trade(bad, LOT, price=0)
    trade(good, LOT, second=1)

    assert reports_apply([bad.shard]) == 1

    assert states() == ["SENDING", "FILLED"]


@pytest.mark.parametrize("word", ["OPEN", "REJECTED"])
def test_what_the_broker_speaks_of_is_not_sent_again(floor: Floor, word: str) -> None:
    (order,) = orders_of(floor, "NEW")  # its absence was thought proven
    status(order, word)

    reports_apply([order.shard])

    assert states() == [word]
    assert ledger.claim({order.shard: 1}) == []


def test_recording_and_cancelling_never_wait_in_a_circle(racing_floor: Floor) -> None:
    first, _ = orders_of(racing_floor, "SENDING", "SENDING", epoch=1)
    rows = Order.objects.select_related("intent__run").order_by("id")
    outcomes = [Outcome(o, s, "V1", text="") for o, s in zip(rows, ("ACCEPTED", "REJECTED"), strict=True)]

    def record() -> None:
        ledger.record(outcomes)
        connections.close_all()

    recording = Thread(target=record)
    with transaction.atomic():
        run_lock(Run.objects.get().pk)  # as the engine does before it cancels
        recording.start()
        wait_for_waiters(1)
        Order.objects.filter(pk=first.pk).update(cancel_wanted=True)
    recording.join()

    assert states() == ["ACCEPTED", "REJECTED"]


def test_a_redis_that_hangs_holds_up_no_loop(settings: pytest.FixtureRequest) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"  # type: ignore[attr-defined]
        pulse = Pulse("worker")
        pulse.felt()
        pulse.felt()
        assert pulse._carrier is not None
        assert pulse._carrier.is_alive()

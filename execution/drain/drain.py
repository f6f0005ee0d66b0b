"""The drain of some shards: claim, send, record, resolve, cancel, apply reports; until told to stop.

Database work runs in one thread of its own, network work in the event loop. Orders of one account go out one
after another in the order they were created (exits first); accounts go side by side.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog
from django.db import connections

from brokers.errors import BrokerError, Rejected
from brokers.gateway import BrokerGateway, BrokerRef
from brokers.models import BrokerAccount
from brokers.registry import open_gateway
from execution.domain.order_states import NEW, UNKNOWN
from execution.drain import ledger
from execution.drain.lease import Lease
from execution.drain.resolve import Doubts, resolve
from execution.drain.sender import send
from execution.models import Order
from execution.services.reports import reports_apply

log = structlog.get_logger(__name__)
T = TypeVar("T")
RETRY_S = 0.25
"""Pause before an order that never reached the broker is claimed again."""


class Drain:
    """Drains the shards its lease holds. `pass_once` is one round; the caller decides how often."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self._db = ThreadPoolExecutor(1, thread_name_prefix="drain-db")
        self._gateways: dict[int, BrokerGateway] = {}
        self._doubts = Doubts()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run_db(self, function: Callable[..., T], *args: Any) -> T:
        """Run a database step in the drain's own thread (one connection)."""
        return await asyncio.get_running_loop().run_in_executor(self._db, function, *args)

    async def pass_once(self) -> int:
        """One round over the held shards; returns how many things were done (0 = nothing to do)."""
        epochs = dict(self.lease.epochs)
        applied = await self.run_db(reports_apply, list(epochs))
        orders = await self.run_db(ledger.claim, epochs)
        await self._send_all(orders)
        cancelled = await self._cancel_all(await self.run_db(ledger.to_cancel, epochs))
        self._resolve_all(await self.run_db(ledger.in_doubt, epochs))
        applied += await self.run_db(reports_apply, list(epochs)) if orders or cancelled else 0
        return applied + len(orders) + cancelled

    async def close(self) -> None:
        """Let what is under way end, give back gateways, lease and connection."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for gateway in self._gateways.values():
            await gateway.close()
        await self.run_db(_close_connections)
        self._db.shutdown(wait=False)

    # -- sending ------------------------------------------------------------

    async def _send_all(self, orders: Collection[Order]) -> None:
        by_account: dict[int, list[Order]] = defaultdict(list)
        for order in orders:
            by_account[order.account_id].append(order)
        await asyncio.gather(*(self._send_queue(queue) for queue in by_account.values()))

    async def _send_queue(self, queue: list[Order]) -> None:
        outcomes: list[ledger.Outcome] = []
        for order in queue:
            outcomes.append(await self._send(order, outcomes))
        await self.run_db(ledger.record, outcomes)
        if any(outcome.state == NEW for outcome in outcomes):
            await asyncio.sleep(RETRY_S)

    async def _send(self, order: Order, before: Sequence[ledger.Outcome]) -> ledger.Outcome:
        if not self.lease.may_send(order.shard, order.epoch):  # somebody else may own the shard by now
            return ledger.Outcome(order, NEW, text="not sent: the lease ran out")
        if before and before[-1].state in (NEW, UNKNOWN):
            # a broker that does not answer costs a round one time-out, whatever the length of this queue
            return ledger.Outcome(order, NEW, text="not sent: the order before it got no answer")
        return await send(self._gateway(order.account), order)

    async def _cancel_all(self, orders: Collection[Order]) -> int:
        return sum([await self._cancel(order) for order in orders])

    async def _cancel(self, order: Order) -> bool:
        """Ask for it; False when the broker could not be asked, which the next round does again."""
        try:
            await self._gateway(order.account).cancel(BrokerRef(order.broker_order_id))
        except Rejected:
            log.info("cancel.too_late", order=order.public_id)
        except BrokerError:
            return False
        await self.run_db(ledger.cancel_asked, order)
        return True

    # -- doubts ---------------------------------------------------------------

    def _resolve_all(self, orders: Collection[Order]) -> None:
        """Look-ups wait seconds: they run beside the rounds, so that other orders go on at once."""
        for order in self._doubts.new(orders):
            task = asyncio.create_task(self._resolve(order))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _resolve(self, order: Order) -> None:
        try:
            outcome = await resolve(self._gateway(order.account), order)
            if outcome is not None:
                await self.run_db(ledger.record, [outcome])
        except Exception:
            log.exception("resolve.failed", tag=order.tag)
        finally:
            self._doubts.done(order)

    def _gateway(self, account: BrokerAccount) -> BrokerGateway:
        if account.pk not in self._gateways:
            self._gateways[account.pk] = open_gateway(account)
        return self._gateways[account.pk]


def _close_connections() -> None:
    connections.close_all()

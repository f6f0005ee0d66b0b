"""Orders in doubt. An unknown outcome is never a rejection, and never a reason to send again before absence
is proven.

Absence: `reads` complete order-book reads, `read_gap_s` apart, all begun later than the send's time-out plus
the broker's settle time, none of them holding the tag (architecture, law 2; the times are rows of the
broker's capability table).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from brokers.errors import BrokerError
from brokers.gateway import BrokerGateway, Capabilities, OrderReport
from execution.domain.order_states import NEW, SENDING
from execution.drain.ledger import Outcome, accepted
from execution.models import Order
from qlplatform.core.clock import wall


@dataclass(slots=True)
class Doubts:
    """Which orders are being looked up now, so that none is looked up twice at once."""

    busy: set[int] = field(default_factory=set)

    def new(self, orders: Collection[Order]) -> list[Order]:
        fresh = [order for order in orders if order.pk not in self.busy]
        self.busy |= {order.pk for order in fresh}
        return fresh

    def done(self, order: Order) -> None:
        self.busy.discard(order.pk)


async def resolve(gateway: BrokerGateway, order: Order) -> Outcome | None:
    """What became of `order`; None when the broker could not be read and it has to be asked again."""
    await asyncio.sleep(_settle_left(order, gateway.caps))
    for read in range(gateway.caps.reads):
        if read:
            await asyncio.sleep(gateway.caps.read_gap_s)
        try:
            found = _with_tag(await gateway.order_book(), order.tag)
        except BrokerError:
            return None
        if found is not None:
            return accepted(order, found.broker_order_id)
    return Outcome(order, NEW, text="the broker does not know it: sent again with the same tag")


def _with_tag(book: Collection[OrderReport], tag: str) -> OrderReport | None:
    return next((report for report in book if report.tag == tag), None)


def _settle_left(order: Order, caps: Capabilities) -> float:
    whole = caps.send_timeout_s + caps.settle_s
    if order.state == SENDING or order.sent_at is None:
        return whole  # left by an owner that is gone, which may have sent it just before it went
    return max(0.0, whole - (wall() - order.sent_at).total_seconds())

"""One order to one gateway, and what the answer means for it."""

from __future__ import annotations

import structlog

from brokers.errors import BrokerError, NotSent, OutcomeUnknown, Rejected, SessionExpired, Throttled
from brokers.gateway import BrokerGateway, InstrumentRef, OrderRequest, Side
from execution.domain.order_states import NEW, REJECTED, UNKNOWN
from execution.drain.ledger import Outcome, accepted
from execution.models import Order
from qlplatform.core.clock import wall

log = structlog.get_logger(__name__)


def request_of(order: Order) -> OrderRequest:
    """The order as the gateway takes it."""
    instrument = order.instrument
    return OrderRequest(
        tag=order.tag,
        account_ref=order.account.public_id,
        instrument=InstrumentRef(
            key=instrument.pk,
            exchange=instrument.exchange,
            symbol=instrument.symbol,
            lot_size=instrument.lot_size,
            tick_paise=instrument.tick_paise,
        ),
        side=Side(order.side),
        qty=order.qty,
        limit_paise=order.limit_paise,
    )


async def send(gateway: BrokerGateway, order: Order) -> Outcome:
    """Place it. Never retries: a doubtful outcome becomes UNKNOWN and is resolved by tag."""
    order.sent_at = (
        wall()
    )  # it was claimed earlier, perhaps with a long queue before it; proof of absence counts from here
    try:
        ref = await gateway.place(request_of(order))
    except Rejected as no:
        return Outcome(order, REJECTED, no.broker_order_id, no.code, no.message)
    except (NotSent, Throttled, SessionExpired) as not_there:
        return Outcome(order, NEW, code=not_there.code, text=not_there.message)
    except (OutcomeUnknown, BrokerError) as doubt:
        return Outcome(order, UNKNOWN, code=doubt.code, text=doubt.message)
    except Exception:  # an adapter's fault, perhaps after the order left: no other order may suffer from it
        log.exception("send.failed", tag=order.tag)
        return Outcome(order, UNKNOWN, code="adapter_fault", text="The adapter failed: looked up by tag.")
    return accepted(order, ref.broker_order_id)

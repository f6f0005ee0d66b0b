"""What follows when an order moves: the run hears it, screens hear it."""

from __future__ import annotations

from typing import Any

from execution.domain.order_states import ALIVE, FILLED
from execution.models import Intent, Order
from execution.services.events import run_event_add
from markets.services import market_now
from qlplatform.core import outbox


def order_end_tell(order: Order) -> None:
    """An order ended short of its quantity: screens hear it, and the run once its whole intent is over."""
    order_publish(order, order.state.lower())
    intent_over_tell(order)


def intent_over_tell(order: Order) -> None:
    """Tell the run when an intent is over without its whole quantity: no order of it lives, some did not
    fill.

    Asked at every order's end, the filled ones too: of two slices one may have been refused before the other
    fills.
    """
    intent = Intent.objects.select_related("run__market").get(pk=order.intent_id)
    siblings = list(Order.objects.filter(intent=intent).values_list("state", flat=True))
    if any(state in ALIVE for state in siblings) or all(state == FILLED for state in siblings):
        return
    run_event_add(
        run_id=intent.run_id,
        kind="order_done",
        data={"order_ref": intent.order_ref, "outcome": order.state, "reason": order.reason_text},
        at=market_now(intent.run.market),
    )


def order_publish(order: Order, verb: str, **more: Any) -> None:
    """The fact `order.<verb>` for screens, alerts and webhooks."""
    outbox.publish(
        f"order.{verb}",
        workspace_id=order.workspace_id,
        data={
            "order": order.public_id,
            "instrument": order.instrument.symbol,
            "side": order.side,
            "qty": order.qty,
            "filled_qty": order.filled_qty,
            "reason": order.reason_text,
            **more,
        },
        account=order.account.public_id,
        mode=order.account.mode,
    )

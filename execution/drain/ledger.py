"""The drain's database steps. Each is one short transaction; none holds a network call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from execution.domain.order_states import (
    ACCEPTED,
    CANCELLED,
    IN_DOUBT,
    NEW,
    REJECTED,
    SENDING,
    UNKNOWN,
    WORKING,
)
from execution.models import KillSwitch, Order, OrderEvent
from execution.services.events import run_lock
from execution.services.order_moves import order_end_tell
from qlplatform.core.clock import wall

BATCH = 500
RETRYING = "retrying"
"""Reason code of an order that waits for its broker: it is tried again and again, and says so once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a send came to. `state` NEW means: nothing reached the broker, send again."""

    order: Order
    state: str
    broker_order_id: str = ""
    code: str = ""
    text: str = ""


def claim(epochs: dict[int, int], limit: int = BATCH) -> list[Order]:
    """Mark unsent orders of the held shards SENDING, exits first, and return them; committed before anything
    is sent.

    Orders that may not leave (kill switch, cancelled meanwhile, market not the account's) end here instead.
    """
    sendable, refused = _claim_batch(epochs, limit)
    for order, code, text in refused:
        _refuse(order, code, text)
    return sendable


@transaction.atomic
def _claim_batch(epochs: dict[int, int], limit: int) -> tuple[list[Order], list[tuple[Order, str, str]]]:
    rows = list(
        Order.objects.filter(shard__in=epochs, state=NEW)
        .select_related("account", "instrument", "intent__run")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("-is_exit", "id")[:limit]
    )
    killed = _killed_workspaces() if rows else set()
    judged = [(order, *_refusal(order, killed)) for order in rows]
    sendable = [order for order, code, _ in judged if not code]
    now = wall()
    for order in sendable:
        order.state, order.epoch, order.sent_at, order.updated_at = SENDING, epochs[order.shard], now, now
    Order.objects.bulk_update(sendable, ["state", "epoch", "sent_at", "updated_at"])
    _history([order for order in sendable if order.reason_code != RETRYING], now, "sending")
    return sendable, [verdict for verdict in judged if verdict[1]]


@transaction.atomic
def _refuse(order: Order, code: str, text: str) -> None:
    """End an order that may not leave, in a transaction of its own: its run has to be locked before it."""
    run_lock(order.intent.run_id)
    locked = Order.objects.select_for_update(of=("self",)).select_related("account").get(pk=order.pk)
    if locked.state == NEW:
        _end(locked, CANCELLED if code == "cancelled_before_send" else REJECTED, code, text)


def _refusal(order: Order, killed: set[int | None]) -> tuple[str, str]:
    if order.cancel_wanted:
        return "cancelled_before_send", "Cancelled before it was sent."
    if order.account.market_id != order.intent.run.market_id:
        return "wrong_market", "Refused: this order belongs to another market than its account."
    if not order.is_exit and (order.workspace_id in killed or None in killed):
        return "kill_switch_on", "Refused: the kill switch is on, no new entries."
    return "", ""


def _killed_workspaces() -> set[int | None]:
    return set(KillSwitch.objects.filter(lifted_at=None).values_list("workspace_id", flat=True))


@transaction.atomic
def record(outcomes: Sequence[Outcome]) -> None:
    """Write what the sends came to. An order that a report moved on, or that a later epoch sent, keeps its
    newer state.
    """
    # every run before any order, as everywhere: the engine cancels orders of a run while it holds that run
    for run_id in sorted({o.order.intent.run_id for o in outcomes if o.state == REJECTED}):
        run_lock(run_id)
    for outcome in sorted(outcomes, key=lambda o: o.order.pk):
        order = (
            Order.objects.select_for_update(of=("self",))
            .select_related("intent__run", "account")
            .get(pk=outcome.order.pk)
        )
        if outcome.broker_order_id and not order.broker_order_id:
            order.broker_order_id = outcome.broker_order_id
            order.save(update_fields=["broker_order_id"])
        if order.state in IN_DOUBT and order.epoch == outcome.order.epoch and order.state != outcome.state:
            _move(order, outcome)


def _move(order: Order, outcome: Outcome) -> None:
    if outcome.state == REJECTED:
        _end(order, REJECTED, outcome.code, outcome.text)
        return
    again = outcome.state == NEW and order.reason_text == outcome.text[:240]
    order.state, order.sent_at, order.updated_at = outcome.state, outcome.order.sent_at, wall()
    order.reason_text = outcome.text[:240] if outcome.state == NEW else ""
    order.reason_code = RETRYING if again else ""
    order.save(update_fields=["state", "sent_at", "updated_at", "reason_text", "reason_code"])
    if not again:
        _history([order], order.updated_at, outcome.text)


def _end(order: Order, state: str, code: str, text: str) -> None:
    order.state, order.reason_code, order.reason_text, order.updated_at = state, code[:40], text[:240], wall()
    order.cancel_wanted = False
    order.save(update_fields=["state", "reason_code", "reason_text", "cancel_wanted", "updated_at"])
    _history([order], order.updated_at, text)
    order_end_tell(order)


def _history(orders: Iterable[Order], at: datetime, text: str) -> None:
    OrderEvent.objects.bulk_create(OrderEvent(order=o, at=at, state=o.state, text=text[:240]) for o in orders)


def in_doubt(epochs: dict[int, int]) -> list[Order]:
    """Orders whose outcome nobody is waiting for: UNKNOWN, or left SENDING by an earlier epoch."""
    rows = Order.objects.filter(Q(state=UNKNOWN) | Q(state=SENDING), shard__in=epochs).select_related(
        "account"
    )
    return [order for order in rows if order.state == UNKNOWN or order.epoch != epochs[order.shard]]


def to_cancel(epochs: dict[int, int]) -> list[Order]:
    """Working orders whose cancellation is wanted and not asked for yet."""
    rows = Order.objects.filter(shard__in=epochs, cancel_wanted=True, state__in=WORKING).exclude(
        broker_order_id=""
    )
    return list(rows.select_related("account").order_by("id"))


@transaction.atomic
def cancel_asked(order: Order) -> None:
    """The broker took the cancel request (or the order is no longer open there): its report tells the end."""
    Order.objects.filter(pk=order.pk).update(cancel_wanted=False, updated_at=wall())
    _history([order], wall(), "cancel asked")


def accepted(order: Order, broker_order_id: str) -> Outcome:
    return Outcome(order, ACCEPTED, broker_order_id, text="accepted by the broker")

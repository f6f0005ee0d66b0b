"""Applying what brokers reported: order states, fills into the ledger, events for the runs. Idempotent in
every part.
"""

from __future__ import annotations

from collections.abc import Collection

import structlog
from django.db import InterfaceError, OperationalError, transaction

from brokers.models import BrokerAccount, Report
from execution.domain.order_states import TERMINAL, reported_state
from execution.models import Order, OrderEvent
from execution.services.events import run_event_add, run_lock
from execution.services.order_moves import intent_over_tell, order_end_tell, order_publish
from portfolio.domain.facts import OrderFacts, TradeFacts
from portfolio.services import fill_apply
from qlplatform.core.clock import wall
from qlplatform.core.money import rupee_str

log = structlog.get_logger(__name__)
BATCH = 500


def reports_apply(shards: Collection[int], limit: int = BATCH) -> int:
    """Apply waiting reports of the shards in exchange-time order, one transaction each; returns how many were
    applied. One that cannot be applied stays waiting and never stops the others.
    """
    waiting = Report.objects.filter(shard__in=shards, applied_at=None).order_by("exchange_time", "id")
    ids = list(waiting.values_list("pk", flat=True)[:limit])
    return sum(map(_applied, ids))


def _applied(report_id: int) -> bool:
    try:
        return report_apply(report_id)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("report.not_applied", report=report_id)
        return False


@transaction.atomic
def report_apply(report_id: int) -> bool:
    """Apply one report; False when somebody else has it or it has to wait. A report of an order we never sent
    is kept, marked and logged loudly.
    """
    report = Report.objects.select_for_update(skip_locked=True).filter(pk=report_id, applied_at=None).first()
    if report is None:
        return False
    order = _locked_order(report)
    if order is None:
        log.error("report.unknown_order", tag=report.tag, broker_order_id=report.broker_order_id)
    elif report.kind == Report.Kind.TRADE:
        _trade(order, report)
    elif _awaits_trades(order, report):
        return False
    else:
        _status(order, report)
    report.applied_at = wall()
    report.save(update_fields=["applied_at"])
    return True


def _locked_order(report: Report) -> Order | None:
    """The order a report speaks of, its run (and for a trade, which moves the ledger, its account) locked
    before it.
    """
    rows = Order.objects.filter(account_id=report.account_id, tag=report.tag)
    run_id = rows.values_list("intent__run_id", flat=True).first()
    if run_id is None:
        return None
    if report.kind == Report.Kind.TRADE:
        BrokerAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=report.account_id)
    run_lock(run_id)
    return (
        Order.objects.select_for_update(of=("self",))
        .select_related("intent__run", "account", "instrument")
        .get(account_id=report.account_id, tag=report.tag)
    )


def _awaits_trades(order: Order, report: Report) -> bool:
    """The end of an order that tells of fills whose trades have not arrived: it waits for them, else a late
    trade would reopen it.
    """
    ended = report.status in TERMINAL and report.status != Order.State.FILLED
    return ended and min(report.filled_qty, order.qty) > order.filled_qty


def _trade(order: Order, report: Report) -> None:
    intent = order.intent
    run = intent.run
    facts = OrderFacts(
        account=order.account,
        book_id=run.book_id,
        instrument=order.instrument,
        side=order.side,
        trading_date=run.trading_date,
        order_ref=order.public_id,
        run_ref=run.public_id,
        leg_ref=f"{intent.cycle}-{intent.leg_id}",
        purpose=intent.purpose,
        reason=intent.reason,
        decision_price_paise=intent.decision_price_paise,
    )
    trade = TradeFacts(report.trade_id, report.qty, report.price_paise, report.exchange_time)
    if fill_apply(order=facts, trade=trade) is None:
        return
    order.filled_qty += report.qty
    order.filled_value_paise += report.qty * report.price_paise
    if order.filled_qty > order.qty:
        log.error("order.overfilled", tag=order.tag, qty=order.qty, filled_qty=order.filled_qty)
    _note_broker_id(order, report)
    state = reported_state(order.state, reported="PARTIAL", filled_qty=order.filled_qty, qty=order.qty)
    _store(order, state, f"{report.qty} @ {rupee_str(report.price_paise)}")
    run_event_add(
        run_id=run.pk,
        kind="fill",
        data={"order_ref": intent.order_ref, "qty": report.qty, "price_paise": report.price_paise},
        at=report.exchange_time,
    )
    order_publish(
        order,
        "filled" if order.state == Order.State.FILLED else "partly_filled",
        price_paise=report.price_paise,
    )
    if order.state == Order.State.FILLED:
        intent_over_tell(order)


def _status(order: Order, report: Report) -> None:
    _note_broker_id(order, report)
    filled = min(order.filled_qty, order.qty)
    if report.status == Order.State.FILLED or report.filled_qty > filled:
        return  # the trades themselves move it; the words come with less detail
    if order.state in TERMINAL:
        return  # only a trade leaves a terminal state, old words never do
    state = reported_state(order.state, reported=report.status, filled_qty=filled, qty=order.qty)
    if state is None:
        return
    order.reason_code, order.reason_text = report.reason_code, report.reason_text
    _store(order, state, report.reason_text or state.lower())
    if state in TERMINAL:
        order_end_tell(order)


def _note_broker_id(order: Order, report: Report) -> None:
    if order.broker_order_id and order.broker_order_id != report.broker_order_id:
        log.error(
            "order.second_broker_order",
            tag=order.tag,
            known=order.broker_order_id,
            other=report.broker_order_id,
        )
    order.broker_order_id = order.broker_order_id or report.broker_order_id


def _store(order: Order, state: str | None, text: str) -> None:
    order.updated_at = wall()
    if state is not None:
        order.state = state
        if state in TERMINAL:
            order.cancel_wanted = False
        OrderEvent.objects.create(order=order, at=order.updated_at, state=state, text=text[:240])
    order.save()

"""Outbox -> screens and tasks. At least once: after a crash it may send again; readers go by `id`."""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection, transaction

from qlplatform.core.clock import wall
from qlplatform.core.envelope import envelope_of
from qlplatform.core.live import push_fact
from qlplatform.core.models import OutboxEvent
from qlplatform.core.outbox import CHANNEL

BATCH = 500


def relay_batch(limit: int = BATCH) -> int:
    """Send the oldest waiting facts on, stamp them, tell how many. With Redis away it raises and stamps none.

    Several relays may run: rows one of them holds are skipped by the others.
    """
    with transaction.atomic():
        waiting = OutboxEvent.objects.filter(relayed_at=None).order_by("pk")
        events = list(waiting.select_for_update(skip_locked=True)[:limit])
        for event in events:
            _send(event)
        OutboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(relayed_at=wall())
    return len(events)


def _send(event: OutboxEvent) -> None:
    envelope = envelope_of(event)
    if event.workspace_id is not None:
        push_fact(event.workspace_id, envelope)
    for task in tasks_for(event.type, settings.QL_OUTBOX_TASKS):
        current_app.send_task(task, kwargs={"event": envelope})


def tasks_for(type: str, subscriptions: dict[str, list[str]]) -> list[str]:
    """Tasks that asked for this type, by its name or by a prefix: "order" hears "order.filled"."""
    return [
        task
        for wanted, tasks in subscriptions.items()
        if type == wanted or type.startswith(f"{wanted}.")
        for task in tasks
    ]


def wait_for_news(timeout_s: float) -> None:
    """Sleep until a transaction with news commits, at most `timeout_s`."""
    connection.ensure_connection()
    raw: Any = connection.connection
    raw.execute(f"LISTEN {CHANNEL}")
    for _ in raw.notifies(timeout=timeout_s, stop_after=1):
        return

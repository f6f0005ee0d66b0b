"""What a run must hear: numbered rows, written under the run's row lock, read by the engine in that order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from execution.models import Run, RunEvent

CHANNEL = "ql_run_events"


@transaction.atomic
def run_event_add(*, run_id: int, kind: str, data: dict[str, Any], at: datetime) -> RunEvent:
    """Append an event (fill, order_done, command) to a run and wake its engine when this transaction commits.

    `at` is market time.
    """
    run = run_lock(run_id)
    run.event_seq += 1
    run.save(update_fields=["event_seq"])
    event = RunEvent.objects.create(run_id=run_id, seq=run.event_seq, kind=kind, data=data, at=at)
    notify(CHANNEL)
    return event


def run_lock(run_id: int) -> Run:
    """Lock a run's row. Whoever locks orders of a run as well locks the run first.

    The order of locks is workspace, account, run, orders: so engine, drain and kill switch never wait for
    each other in a circle.
    """
    return Run.objects.select_for_update(of=("self",)).only("id", "event_seq").get(pk=run_id)


def notify(channel: str, payload: str = "") -> None:
    """NOTIFY inside the current transaction: listeners wake exactly when it commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])

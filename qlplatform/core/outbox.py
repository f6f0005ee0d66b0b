"""Publishing news: a row in the caller's transaction, sent on by the relay once it is committed."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from qlplatform.core.clock import wall
from qlplatform.core.models import OutboxEvent

CHANNEL = "ql_outbox"


def publish(
    type: str, *, workspace_id: int | None, data: dict[str, Any], account: str = "", mode: str = ""
) -> OutboxEvent:
    """Write the fact `type` (`noun.past_verb`) and wake the relay at commit.

    `account` is the account's public id, `mode` is `paper` or `live`, `data` must be JSON-able.
    PostgreSQL drops a NOTIFY of a transaction that rolls back and sends equal ones of one transaction once.
    """
    with transaction.atomic():
        event = OutboxEvent.objects.create(
            workspace_id=workspace_id, type=type, account=account, mode=mode, data=data, created_at=wall()
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    return event

"""Faults of data that came in, counted by day, source and code; alerts when somebody should look."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import orjson
import structlog
from django.db import DatabaseError, connection
from redis.exceptions import RedisError

from markets.models import DataFault
from qlplatform.core import outbox
from qlplatform.core.clock import IST, wall
from qlplatform.core.redis import client, key

log = structlog.get_logger(__name__)
NEWEST_ALERTS = 20
UPSERT = """
INSERT INTO {table} (day, source, code, count, example, first_at, last_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (day, source, code) DO UPDATE SET
    count = {table}.count + excluded.count,
    example = CASE WHEN excluded.example = '' THEN {table}.example ELSE excluded.example END,
    last_at = excluded.last_at
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """So many of a kind, with an example."""

    source: str
    code: str
    count: int = 1
    example: str = ""


def fault_record(*, source: str, code: str, count: int = 1, example: str = "") -> None:
    """Add to today's count (IST) of a kind of fault; the newest example is kept. For many at once there is
    `faults_record`.
    """
    faults_record(faults=[Fault(source, code, count, example)])


def faults_record(*, faults: Sequence[Fault]) -> None:
    """Add to today's counts. Safe to call from any number of processes at once."""
    now = wall()
    day = now.astimezone(IST).date()
    rows = [
        (day, fault.source[:40], fault.code[:32], fault.count, fault.example[:300], now, now)
        for fault in sorted(
            faults, key=lambda fault: (fault.source, fault.code)
        )  # always locked in one order
        if fault.count > 0
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(UPSERT.format(table=DataFault._meta.db_table), rows)


def data_alert(*, code: str, text: str, source: str = "") -> None:
    """Somebody should look: to the log, to the data page, and as fact `data.alerted` to whoever subscribed.
    Never raises: it is called where prices must go on.
    """
    log.error("data.alert", code=code, source=source, text=text)
    alert = {"at": wall().isoformat(), "code": code, "source": source, "text": text}
    with suppress(RedisError):
        pipe = client().pipeline(transaction=True)
        pipe.lpush(key("data", "alerts"), orjson.dumps(alert))
        pipe.ltrim(key("data", "alerts"), 0, NEWEST_ALERTS - 1)
        pipe.execute()
    try:
        outbox.publish("data.alerted", workspace_id=None, data=alert)
    except DatabaseError as away:
        log.warning("data.alert_not_published", code=code, error=str(away))

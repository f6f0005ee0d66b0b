"""Things that happen at the same time, in real threads with connections of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

from django.db import connection, connections, transaction

_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def race(*works: Callable[[], Any]) -> list[Any]:
    """Start all at once and wait for all; an error is a result like any other."""
    start = Barrier(len(works))

    def one(work: Callable[[], Any]) -> Any:
        start.wait()
        return _caught(work)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def queue_up(hold: Callable[[], Any], *works: Callable[[], Any]) -> list[Any]:
    """Let works meet in a known order: `hold` locks a row, each work is started once the one before it waits
    for a lock, then the row is let go. Returns what they came to, errors included.
    """
    with ThreadPoolExecutor(len(works)) as pool:
        with transaction.atomic():
            hold()
            started = []
            for number, work in enumerate(works, start=1):
                started.append(pool.submit(_caught, work))
                wait_for_waiters(number)
        return [future.result() for future in started]


def _caught(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:
        return error
    finally:
        connections.close_all()


def wait_for_waiters(number: int) -> None:
    """Until so many sessions of this database wait for a lock."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(_WAITING)
            if cursor.fetchone()[0] >= number:
                return
        sleep(0.01)
    raise AssertionError(f"fewer than {number} sessions wait for a lock")

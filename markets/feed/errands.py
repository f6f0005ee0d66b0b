"""Work that the loop of prices must never wait for: a Redis or PostgreSQL that hangs holds up a thread and
nothing else.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import structlog
from django.db import DatabaseError, connections

log = structlog.get_logger(__name__)
Work = Callable[[], object]


class Errands:
    """Does what it is given, one after another, in a thread of its own (`apart`) or at once."""

    def __init__(self, name: str, *, apart: bool = True) -> None:
        self._name, self._apart = name, apart
        self._work: queue.Queue[Work | None] = queue.Queue()  # None: the thread may end
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether something given before is not done yet: what can wait for newer figures should."""
        return self._work.unfinished_tasks > 0

    def give(self, work: Work) -> None:
        """Have it done. What goes wrong is logged, not raised."""
        if not self._apart:
            self._do(work)
            return
        self._work.put(work)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=f"feed-{self._name}", daemon=True)
            self._thread.start()

    def finish(self, within_s: float = 5.0) -> None:
        """Wait until everything given is done, at most this long; then the thread ends."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._work.put(None)
            thread.join(within_s)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            self._do(work)
            self._work.task_done()
        self._work.task_done()
        connections.close_all()  # this thread's own

    def _do(self, work: Work) -> None:
        try:
            work()
        except DatabaseError as away:
            log.warning("feed.errand_failed", errand=self._name, error=str(away))
            if self._apart:
                connections.close_all()
        except Exception as fault:
            log.warning("feed.errand_failed", errand=self._name, error=str(fault))

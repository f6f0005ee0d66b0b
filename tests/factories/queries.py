"""Counting what a request asks the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(work: Callable[[], Any]) -> int:
    """How many queries `work` makes."""
    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught)

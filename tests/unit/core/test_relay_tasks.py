"""Who hears which event."""

from __future__ import annotations

import pytest

from qlplatform.core.relay import tasks_for

WANTED = {"order": ["a.log"], "order.filled": ["b.book"], "run": ["c.see"]}


@pytest.mark.parametrize(
    ("type", "tasks"),
    [
        ("order.filled", ["a.log", "b.book"]),
        ("order.rejected", ["a.log"]),
        ("orders.filled", []),
        ("run", ["c.see"]),
        ("alert.raised", []),
    ],
)
def test_by_type_and_prefix(type: str, tasks: list[str]) -> None:
    assert tasks_for(type, WANTED) == tasks

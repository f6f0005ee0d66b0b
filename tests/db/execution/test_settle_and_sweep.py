"""Has everything settled that a price event set off? And what was forgotten is announced again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import current_app

from execution.models import Order, Run
from execution.services.events import run_event_add
from execution.services.settle import outstanding
from execution.services.sweep import sweep
from qlplatform.core.clock import wall
from tests.factories.racing import race
from tests.factories.trading import AT_0920, Floor, status


@pytest.mark.parametrize(
    ("state", "cancel_wanted", "waits"),
    [
        ("NEW", False, True),
        ("SENDING", False, True),
        ("UNKNOWN", False, True),
        ("OPEN", False, False),
        ("OPEN", True, True),
        ("PARTIAL", True, True),
        ("FILLED", False, False),
        ("REJECTED", True, False),
    ],
)
def test_orders_on_their_way_are_waited_for(
    floor: Floor, order: Order, state: str, cancel_wanted: bool, waits: bool
) -> None:
    Order.objects.update(state=state, cancel_wanted=cancel_wanted)

    assert outstanding(floor.market.pk) == ({"orders to send": 1} if waits else {})


def test_reports_and_events_are_waited_for(floor: Floor, run: Run, order: Order) -> None:
    Order.objects.update(state="OPEN")
    status(order, "CANCELLED")
    run_event_add(run_id=run.pk, kind="command", data={}, at=AT_0920)

    assert outstanding(floor.market.pk) == {"reports to apply": 1, "events to hear": 1}
    assert outstanding(floor.market.pk + 1) == {}


def test_a_run_that_ended_still_hears_a_late_fill(floor: Floor, run: Run) -> None:
    run_event_add(run_id=run.pk, kind="command", data={}, at=AT_0920)
    Run.objects.update(phase="COMPLETED")

    assert outstanding(floor.market.pk) == {"events to hear": 1}


def test_events_of_a_run_are_numbered_without_gap_or_double(racing_floor: Floor) -> None:
    run = racing_floor.run()

    def add() -> int:
        return run_event_add(run_id=run.pk, kind="command", data={}, at=AT_0920).seq

    assert sorted(race(*[add] * 8)) == list(range(1, 9))
    run.refresh_from_db()
    assert run.event_seq == 8


@pytest.mark.parametrize(("waits_s", "state", "late"), [(5, "NEW", 1), (0, "NEW", 0), (5, "OPEN", 0)])
def test_what_waits_unsent_is_announced_again(
    order: Order, monkeypatch: pytest.MonkeyPatch, waits_s: int, state: str, late: int
) -> None:
    nudges: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_: nudges.append(name))
    Order.objects.update(state=state, updated_at=wall() - timedelta(seconds=waits_s))

    assert sweep() == late
    assert nudges == ["execution.drain"] * late

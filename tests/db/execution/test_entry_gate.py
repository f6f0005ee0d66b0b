"""No entry slips past the kill switch, a pause or a limit, also when both happen at the same moment."""

from __future__ import annotations

import pytest

from execution.models import Decision, Order, Run, RunEvent
from execution.services.deployments import deployment_pause
from execution.services.engine import Engine
from execution.services.kill import kill_switch_lift, kill_switch_press
from execution.services.reports import reports_apply
from execution.services.schedule import open_due
from markets.quotes import Snapshot
from portfolio.models import Limit, Reservation
from qlplatform.core.models import Workspace
from tests.factories.racing import queue_up, race
from tests.factories.trading import AT_0920, Floor, trade


def at_0920(floor: Floor) -> Snapshot:
    """Prices of 09:20, at which the straddle enters."""
    floor.seq = 4
    return floor.next_snapshot({floor.call: 101_25, floor.put: 96_40})


def enter(floor: Floor) -> list[Order]:
    """Open what is due, give the engine the prices of 09:20, and return the orders it made."""
    open_due(market=floor.market, now=AT_0920)
    Engine(range(64)).on_price(at_0920(floor))
    return list(Order.objects.order_by("id"))


def refusal() -> tuple[str, str]:
    """How the run ended: code and words."""
    run = Run.objects.get()
    return run.outcome, run.outcome_text


def test_an_open_gate_lets_the_structure_pass(floor: Floor) -> None:
    orders = enter(floor)

    assert [(o.side, o.qty, o.state) for o in orders] == [("SELL", 50, "NEW")] * 2
    assert Reservation.objects.get().lots == 2
    assert Run.objects.get().phase == "ENTERING"


def test_the_kill_switch_closes_it_and_says_so(floor: Floor) -> None:
    kill_switch_press(actor=floor.actor(), level="pause_entries")

    assert enter(floor) == []

    code, words = refusal()
    assert code == "kill_switch_on"
    assert "Kill switch is on (owner@example.test)" in words
    assert not Reservation.objects.exists()


def test_a_lifted_switch_closes_nothing(floor: Floor) -> None:
    kill_switch_press(actor=floor.actor(), level="pause_entries")
    kill_switch_lift(actor=floor.actor())

    assert len(enter(floor)) == 2


def test_a_limit_closes_it_with_the_figures(floor: Floor) -> None:
    Limit.objects.filter(kind="open_lots").update(value=1)

    assert enter(floor) == []

    code, words = refusal()
    assert code == "limit_breached"
    assert "1" in words
    assert Decision.objects.filter(kind="open").count() == 0


def test_a_pause_after_the_run_opened_closes_it(floor: Floor) -> None:
    open_due(market=floor.market, now=AT_0920)
    deployment_pause(deployment=floor.deployment, by=floor.actor())

    assert enter(floor) == []


@pytest.mark.parametrize("level", ["pause_entries", "square_off"])
@pytest.mark.parametrize("first", ["kill switch", "entry"])
def test_whoever_comes_first_nobody_waits_in_a_circle(racing_floor: Floor, level: str, first: str) -> None:
    floor = racing_floor
    open_due(market=floor.market, now=AT_0920)
    engine, snapshot = Engine(range(64)), at_0920(floor)
    works = [
        lambda: kill_switch_press(actor=floor.actor(), level=level),
        lambda: engine.on_price(snapshot),
    ]

    results = queue_up(
        lambda: Workspace.objects.select_for_update().get(pk=floor.workspace.pk),
        *(works if first == "kill switch" else reversed(works)),
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    entries = Order.objects.all()
    assert entries.count() == (0 if first == "kill switch" else 2)
    assert all(order.cancel_wanted is (level == "square_off") for order in entries)
    told = RunEvent.objects.filter(data__reason="KILL_SWITCH").count()
    assert told == (1 if level == "square_off" else 0)
    if first == "kill switch":
        assert refusal()[0] == "kill_switch_on"


def test_an_entry_and_the_kill_switch_at_the_same_moment(racing_floor: Floor) -> None:
    floor = racing_floor
    for _ in range(5):
        open_due(market=floor.market, now=AT_0920)
        run = Run.objects.latest("id")
        engine, snapshot = Engine(range(64)), at_0920(floor)

        results = race(
            lambda: engine.on_price(snapshot),  # noqa: B023
            lambda: kill_switch_press(actor=floor.actor(), level="square_off"),
        )

        assert [result for result in results if isinstance(result, Exception)] == []
        entries = Order.objects.filter(intent__run=run)
        assert entries.count() in {0, 2}
        assert all(order.cancel_wanted for order in entries)
        assert RunEvent.objects.filter(run=run, data__reason="KILL_SWITCH").count() == 1
        kill_switch_lift(actor=floor.actor())
        floor.deployment = floor.deploy()


@pytest.mark.parametrize("report_first", [True, False])
def test_news_of_an_order_and_the_kill_switch_do_not_wait_in_a_circle(
    racing_floor: Floor, report_first: bool
) -> None:
    floor = racing_floor
    run = floor.run(phase="RUNNING")
    order = floor.order(floor.intent(run, qty=100), state="OPEN")
    trade(order, 50)
    works = [
        lambda: reports_apply([order.shard]),
        lambda: kill_switch_press(actor=floor.actor(), level="square_off"),
    ]

    results = queue_up(
        lambda: Run.objects.select_for_update().get(pk=run.pk), *(works if report_first else reversed(works))
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    order.refresh_from_db()
    assert (order.state, order.filled_qty, order.cancel_wanted) == ("PARTIAL", 50, True)
    assert sorted(RunEvent.objects.filter(run=run).values_list("kind", flat=True)) == ["command", "fill"]

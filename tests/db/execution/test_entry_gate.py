"""No entry slips past the kill switch, a pause or a limit, also when both happen at the same moment."""

from __future__ import annotations

import pytest

from execution.models import Decision, Order, Run, RunEvent
from execution.services.deployments import deployment_pause
from execution.services.engine import Engine
from execution.services.kill import kill_switch_lift, kill_switch_press
from execution.services.schedule import open_due
from markets.quotes import Snapshot
from portfolio.models import Limit, Reservation
from tests.factories.racing import race
from tests.factories.trading import AT_0920, Floor


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
def test_an_entry_and_the_kill_switch_at_the_same_moment(racing_floor: Floor, level: str) -> None:
    """Either the entry came first and is then dealt with, or it never happened. Nobody waits in a circle."""
    floor = racing_floor
    for _ in range(6):
        floor.seq = 4
        open_due(market=floor.market, now=AT_0920)
        run = Run.objects.latest("id")
        engine, snapshot = Engine(range(64)), at_0920(floor)

        results = race(
            lambda: engine.on_price(snapshot),  # noqa: B023
            lambda: kill_switch_press(actor=floor.actor(), level=level),
        )

        assert [r for r in results if isinstance(r, Exception)] == []
        entries = Order.objects.filter(intent__run=run)
        told = RunEvent.objects.filter(run=run, data__reason="KILL_SWITCH").count()
        if level == "square_off":
            assert told == 1
            assert all(order.cancel_wanted for order in entries)
        assert entries.count() in {0, 2}
        kill_switch_lift(actor=floor.actor())
        floor.deployment = floor.deploy()

"""Deploying, pausing, resuming, archiving, squaring off: who may, when, and what the run hears."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from baskets.models import Basket
from brokers.models import BrokerAccount
from execution.models import Deployment, Run, RunEvent, Schedule
from execution.services.deployments import (
    deployment_archive,
    deployment_create,
    deployment_pause,
    deployment_resume,
    deployment_square_off,
    run_square_off,
)
from execution.services.kill import kill_switch_lift, kill_switch_press
from execution.services.schedule import strategy_reschedule
from portfolio.services import book_for_account
from qlplatform.core.errors import Conflict, KillSwitchOn, NotEntitled, UserError
from qlplatform.core.models import AuditEntry, OutboxEvent
from strategies.services import strategy_revise
from tests.factories import ledger
from tests.factories.trading import AT_0920, Floor


def commands(run: Run) -> list[tuple[str, str]]:
    """Commands the run has to hear: kind and reason."""
    return [(e.data["kind"], e.data["reason"]) for e in RunEvent.objects.filter(run=run).order_by("seq")]


def test_a_deployment_has_a_book_and_is_due(floor: Floor) -> None:
    assert floor.deployment.book.kind == "deployment"
    assert floor.deployment.schedule.next_due_at == AT_0920
    assert floor.deployment.mode == "paper"
    assert AuditEntry.objects.filter(action="deployment.created").count() == 1
    assert OutboxEvent.objects.filter(type="deployment.created").count() == 1


def test_strategy_and_account_belong_to_one_workspace(floor: Floor) -> None:
    with pytest.raises(UserError) as refused:
        deployment_create(strategy=floor.strategy, account=ledger.account(), by=floor.actor())

    assert refused.value.code == "mixed_workspaces"
    assert Deployment.objects.count() == 1


@pytest.mark.parametrize("multiplier", [0, -1])
def test_the_multiplier_is_at_least_one(floor: Floor, multiplier: int) -> None:
    with pytest.raises(UserError, match="at least 1"):
        floor.deploy(multiplier=multiplier)


def test_a_closed_account_takes_no_deployment(floor: Floor) -> None:
    floor.account.state = BrokerAccount.State.CLOSED

    with pytest.raises(UserError, match="choose another"):
        floor.deploy()


@pytest.mark.parametrize("role", ["risk", "viewer"])
def test_only_traders_add_risk(floor: Floor, role: str) -> None:
    with pytest.raises(NotEntitled, match="“trade”"):
        deployment_create(strategy=floor.strategy, account=floor.account, by=floor.actor(role))
    with pytest.raises(NotEntitled, match="“trade”"):
        deployment_resume(deployment=floor.deployment, by=floor.actor(role))


def test_risk_managers_may_stop(floor: Floor) -> None:
    assert deployment_pause(deployment=floor.deployment, by=floor.actor("risk")).state == "paused"


def test_pausing_tells_an_open_run(floor: Floor, run: Run) -> None:
    deployment_pause(deployment=floor.deployment, by=floor.actor())
    deployment_resume(deployment=floor.deployment, by=floor.actor())

    assert commands(run) == [("PAUSE", "MANUAL"), ("RESUME", "MANUAL")]


def test_pausing_twice_is_harmless(floor: Floor, run: Run) -> None:
    for _ in range(2):
        deployment_pause(deployment=floor.deployment, by=floor.actor())

    assert commands(run) == [("PAUSE", "MANUAL")]
    assert AuditEntry.objects.filter(action="deployment.paused").count() == 1


def test_resuming_waits_for_the_kill_switch(floor: Floor) -> None:
    deployment_pause(deployment=floor.deployment, by=floor.actor())
    kill_switch_press(actor=floor.actor(), level="pause_entries")

    with pytest.raises(KillSwitchOn):
        deployment_resume(deployment=floor.deployment, by=floor.actor())

    kill_switch_lift(actor=floor.actor())
    assert deployment_resume(deployment=floor.deployment, by=floor.actor()).state == "active"


def test_an_open_run_keeps_its_deployment_from_the_archive(floor: Floor, run: Run) -> None:
    with pytest.raises(Conflict) as refused:
        deployment_archive(deployment=floor.deployment, by=floor.actor())

    assert refused.value.code == "run_open"
    assert Schedule.objects.get(deployment=floor.deployment).next_due_at == AT_0920


def test_an_archived_deployment_is_never_due_and_never_back(floor: Floor) -> None:
    deployment_archive(deployment=floor.deployment, by=floor.actor())

    assert Schedule.objects.get(deployment=floor.deployment).next_due_at is None
    with pytest.raises(Conflict, match="archived"):
        deployment_resume(deployment=floor.deployment, by=floor.actor())


def test_squaring_off_tells_the_open_run_why(floor: Floor, run: Run) -> None:
    assert deployment_square_off(deployment=floor.deployment, by=floor.actor()) == run

    assert commands(run) == [("SQUARE_OFF", "MANUAL")]
    assert RunEvent.objects.get().data["text"] == "Square-off by owner@example.test"


def test_nothing_open_is_nothing_to_square_off(floor: Floor) -> None:
    with pytest.raises(Conflict) as refused:
        deployment_square_off(deployment=floor.deployment, by=floor.actor())

    assert refused.value.code == "nothing_open"


def test_a_run_that_ended_is_not_squared_off(floor: Floor, run: Run) -> None:
    Run.objects.update(phase="COMPLETED")

    with pytest.raises(Conflict, match="has ended"):
        run_square_off(run=run, by=floor.actor())

    assert commands(run) == []


def test_viewers_square_nothing_off(floor: Floor, run: Run) -> None:
    with pytest.raises(NotEntitled, match="“stop”"):
        run_square_off(run=run, by=floor.actor("viewer"))

    assert commands(run) == []


def test_deployments_of_one_basket_share_its_book(floor: Floor) -> None:
    basket = Basket.objects.create(workspace=floor.workspace, name="Monday")

    first, second = floor.deploy(basket=basket), floor.deploy(basket=basket)

    assert first.book.parent is not None
    assert (first.book.parent.kind, first.book.parent.name) == ("basket", "Monday")
    assert second.book.parent_id == first.book.parent_id
    assert first.book.parent.parent == book_for_account(floor.account)


def test_a_new_version_moves_the_schedule_that_follows_it(floor: Floor) -> None:
    spec = floor.strategy.latest.spec | {"entry_time": "10:05"}
    strategy_revise(strategy=floor.strategy, spec=spec, by=floor.actor())

    assert strategy_reschedule(strategy=floor.strategy.public_id) == 1

    due = Schedule.objects.get(deployment=floor.deployment).next_due_at
    assert due == AT_0920 + timedelta(minutes=45)
    assert settings.QL_OUTBOX_TASKS["strategy.revised"] == ["execution.reschedule"]

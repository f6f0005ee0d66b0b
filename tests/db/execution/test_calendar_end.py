"""A live deployment whose calendar ended gets its next day once the calendar goes on."""

from __future__ import annotations

from datetime import UTC, datetime

from brokers.services import account_open_paper
from execution.models import Schedule
from execution.services.deployments import deployment_create
from execution.services.schedule import schedules_refresh
from markets.selectors import live_market
from qlplatform.core.clock import frozen
from tests.factories.trading import Floor


def test_a_schedule_without_a_day_is_asked_again_every_morning(floor: Floor) -> None:
    with frozen(datetime(2026, 11, 23, 1, 0, tzinfo=UTC)):
        account = account_open_paper(
            workspace=floor.workspace, market=live_market(), name="Live", capital_paise=1, by=floor.actor()
        )
        deployment = deployment_create(strategy=floor.strategy, account=account, by=floor.actor())
        Schedule.objects.filter(deployment=deployment).update(next_due_at=None)

        assert schedules_refresh() == 1
        assert schedules_refresh() == 0

    due = Schedule.objects.get(deployment=deployment).next_due_at
    assert due == datetime(2026, 11, 23, 3, 50, tzinfo=UTC)

"""Runs open at their due instant, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from execution.models import Deployment, Run, Schedule
from execution.services.deployments import deployment_archive, deployment_pause
from execution.services.schedule import GRACE, next_due, open_due
from markets.selectors import calendar, live_market
from qlplatform.core.clock import IST
from qlplatform.core.errors import Conflict
from qlplatform.core.models import OutboxEvent
from tests.factories.racing import race
from tests.factories.trading import AT_0920, Floor

DAYS = ["MON", "TUE", "WED", "THU", "FRI"]
INSTANTS = st.datetimes(
    datetime(2022, 1, 3),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2022, 12, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def due_at(deployment: Deployment) -> datetime | None:
    return Schedule.objects.get(deployment=deployment).next_due_at


def on_live(deployment: Deployment) -> Deployment:
    """The same deployment, seen as if its account traded live."""
    deployment.account.market = live_market()
    return deployment


def test_a_replay_has_one_entry_and_then_none(floor: Floor) -> None:
    assert due_at(floor.deployment) == AT_0920
    assert next_due(floor.deployment, AT_0920) == AT_0920
    assert next_due(floor.deployment, AT_0920 + timedelta(seconds=1)) is None
    assert next_due(floor.deployment, AT_0920, after=AT_0920) is None


@given(now=INSTANTS, passed=st.booleans(), days=st.sets(st.sampled_from(DAYS), min_size=1))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_live_days_are_trading_days_the_spec_wants(
    floor: Floor, now: datetime, passed: bool, days: set[str]
) -> None:
    deployment = on_live(floor.deployment)
    deployment.strategy.latest.spec["days"] = sorted(days, key=DAYS.index)
    after = now if passed else None

    due = next_due(deployment, now, after=after)

    assert due is not None
    local = due.astimezone(IST)
    assert due >= now
    assert not passed or due > now
    assert (local.hour, local.minute, local.second) == (9, 20, 0)
    assert DAYS[local.weekday()] in days
    assert calendar().is_trading_day(local.date())
    between = [
        now.astimezone(IST).date() + timedelta(n)
        for n in range((local.date() - now.astimezone(IST).date()).days)
    ]
    skipped = [day for day in between if calendar().is_trading_day(day) and DAYS[day.weekday()] in days]
    assert all(datetime.combine(day, local.time(), IST) <= now for day in skipped)


def test_nothing_opens_before_its_instant(floor: Floor) -> None:
    assert open_due(market=floor.market, now=AT_0920 - timedelta(seconds=1)) == 0
    assert not Run.objects.exists()


def test_a_run_opens_at_its_instant(floor: Floor) -> None:
    assert open_due(market=floor.market, now=AT_0920) == 1

    run = Run.objects.get()
    assert (run.deployment, run.phase, run.opened_at) == (floor.deployment, "ARMED", AT_0920)
    assert run.trading_date.isoformat() == "2022-06-15"
    assert (run.version, run.shard) == (floor.strategy.latest, floor.account.shard)
    assert due_at(floor.deployment) is None
    assert OutboxEvent.objects.get(type="run.opened").data["run"] == run.public_id


def test_opening_twice_opens_once(floor: Floor) -> None:
    open_due(market=floor.market, now=AT_0920)

    assert open_due(market=floor.market, now=AT_0920) == 0
    assert Run.objects.count() == 1


def test_a_paused_deployment_does_not_open_and_its_day_passes(floor: Floor) -> None:
    deployment_pause(deployment=floor.deployment, by=floor.actor())

    assert open_due(market=floor.market, now=AT_0920) == 0

    assert not Run.objects.exists()
    assert due_at(floor.deployment) is None


@pytest.mark.parametrize(("late", "opened"), [(GRACE, 1), (GRACE + timedelta(seconds=1), 0)])
def test_a_live_entry_found_too_late_is_skipped(floor: Floor, late: timedelta, opened: int) -> None:
    Schedule.objects.update(market=live_market(), next_due_at=AT_0920)

    assert open_due(market=live_market(), now=AT_0920 + late) == opened


def test_a_replay_that_jumps_over_the_instant_still_opens(floor: Floor) -> None:
    assert open_due(market=floor.market, now=AT_0920 + timedelta(minutes=30)) == 1


def test_a_pinned_version_is_the_one_that_runs(floor: Floor) -> None:
    first = floor.strategy.latest
    pinned = floor.deploy(version=first)

    open_due(market=floor.market, now=AT_0920)

    assert Run.objects.get(deployment=pinned).version == first


def test_two_callers_open_each_run_once(racing_floor: Floor) -> None:
    deployments = [racing_floor.deployment, *(racing_floor.deploy() for _ in range(19))]

    def work() -> int:
        return open_due(market=racing_floor.market, now=AT_0920)

    opened = race(work, work, work)

    assert sum(opened) == len(deployments)
    assert set(Run.objects.values_list("deployment", flat=True)) == {d.pk for d in deployments}
    assert OutboxEvent.objects.filter(type="run.opened").count() == len(deployments)


def test_what_is_archived_at_the_due_instant_has_no_open_run(racing_floor: Floor) -> None:
    for _ in range(5):
        deployment = racing_floor.deploy()
        opened, archived = race(
            lambda: open_due(market=racing_floor.market, now=AT_0920),
            lambda: deployment_archive(deployment=deployment, by=racing_floor.actor()),  # noqa: B023
        )

        deployment.refresh_from_db()
        if deployment.state == "archived":
            assert not Run.objects.filter(deployment=deployment).exists()
        else:
            assert isinstance(archived, Conflict)
            assert opened >= 1

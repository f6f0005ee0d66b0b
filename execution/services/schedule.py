"""When runs open: schedules are claimed in batches at their due instant and become runs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from execution.models import Deployment, Run, Schedule
from markets.models import Market
from markets.selectors import calendar
from markets.services import market_now
from qlplatform.core import outbox
from qlplatform.core.clock import IST
from strategies.spec import parse_spec
from strategies.spec.model import Day, Spec

BATCH = 500
GRACE = timedelta(seconds=120)
"""Found later than this after its due instant, a schedule is skipped for the day: too late for that entry."""

LOOK_AHEAD_DAYS = 40


def open_due(*, market: Market, now: datetime) -> int:
    """Open a run for every schedule of `market` due at `now` (market time); returns how many were opened.

    Safe to call any number of times, by several callers at once: rows are claimed with SKIP LOCKED and a run
    exists once per deployment and trading day.
    """
    opened = 0
    while Schedule.objects.filter(market=market, next_due_at__lte=now).exists():
        claimed, runs = _claim_batch(market, now)
        if not claimed:
            break  # another caller holds what is left
        opened += runs
    return opened


@transaction.atomic
def _claim_batch(market: Market, now: datetime) -> tuple[int, int]:
    """Claim due schedules and open their runs; returns how many were claimed and how many opened."""
    due = list(
        Schedule.objects.filter(market=market, next_due_at__lte=now)
        .select_related(
            "deployment__strategy__latest", "deployment__version", "deployment__account", "deployment__book"
        )
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_due_at", "pk")[:BATCH]
    )
    runs = [_new_run(row, market, now) for row in due if _may_open(row, market, now)]
    Run.objects.bulk_create(runs, ignore_conflicts=True)
    for row in due:
        row.next_due_at = next_due(row.deployment, now, after=row.next_due_at)
    Schedule.objects.bulk_update(due, ["next_due_at"])
    for run in runs:
        _publish_opened(run)
    return len(due), len(runs)


def schedules_refresh() -> int:
    """Give active live deployments without a due time the next one: a calendar that ended has new days.

    Returns how many are due again; runs every morning.
    """
    rows = Schedule.objects.filter(
        next_due_at=None,
        market__kind=Market.Kind.LIVE,
        deployment__state=Deployment.State.ACTIVE,
    ).select_related("market", "deployment__strategy__latest", "deployment__account__market")
    moved = 0
    for row in rows:
        due = next_due(row.deployment, market_now(row.market))
        if due is not None:
            moved += Schedule.objects.filter(pk=row.pk, next_due_at=None).update(next_due_at=due)
    return moved


def strategy_reschedule(*, strategy: str) -> int:
    """A strategy (public id) has a new version: deployments that follow it are due by its times from now on.

    Returns how many schedules moved.
    """
    rows = Schedule.objects.filter(
        deployment__strategy__public_id=strategy,
        deployment__version=None,
        next_due_at__isnull=False,
    ).select_related("deployment__strategy__latest", "deployment__account__market")
    moved = 0
    for row in rows:
        due = next_due(row.deployment, market_now(row.market))
        moved += Schedule.objects.filter(pk=row.pk, next_due_at=row.next_due_at).update(next_due_at=due)
    return moved


def _may_open(row: Schedule, market: Market, now: datetime) -> bool:
    if row.next_due_at is None:
        return False
    # a replay's clock jumps by whole bars, so being late there means nothing
    in_time = market.is_replay or now - row.next_due_at <= GRACE
    return in_time and row.deployment.state == Deployment.State.ACTIVE


def _new_run(row: Schedule, market: Market, now: datetime) -> Run:
    deployment = row.deployment
    return Run(
        workspace_id=deployment.workspace_id,
        deployment=deployment,
        version=deployment.current_version,
        account=deployment.account,
        market=market,
        book=deployment.book,
        shard=deployment.account.shard,
        multiplier=deployment.multiplier,
        trading_date=now.astimezone(IST).date(),
        opened_at=now,
    )


def next_due(deployment: Deployment, now: datetime, after: datetime | None = None) -> datetime | None:
    """The next instant (UTC) at or after `now`, later than `after`, at which the deployment may enter.

    A replay has one day only: None once that entry has passed; whether the spec wants that weekday is left to
    the decision core, which tells it in the decision log. Live days come from the trading calendar and the
    spec's `days`.
    """
    spec = parse_spec(deployment.current_version.spec)
    market = deployment.account.market
    for day in _days(market, now):
        due = datetime.combine(day, spec.entry_time, tzinfo=IST)
        passed = due < now or (after is not None and due <= after)
        if not passed and (market.is_replay or _trades_on(spec, day)):
            return due
    return None


def _days(market: Market, now: datetime) -> list[date]:
    """The days an entry may come on: a replay's own, else the next weeks."""
    if market.session_date is not None:
        return [market.session_date]
    first = now.astimezone(IST).date()
    return [first + timedelta(n) for n in range(LOOK_AHEAD_DAYS)]


def _trades_on(spec: Spec, day: date) -> bool:
    return list(Day)[day.weekday()] in spec.days and calendar().is_trading_day(day)


def _publish_opened(run: Run) -> None:
    outbox.publish(
        "run.opened",
        workspace_id=run.workspace_id,
        data={
            "run": run.public_id,
            "deployment": run.deployment.public_id,
            "strategy": run.deployment.strategy.name,
        },
        account=run.account.public_id,
        mode=run.account.mode,
    )

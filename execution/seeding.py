"""What execution needs in a fresh database: shard leases and the rows of the daily plan."""

from __future__ import annotations

from django.conf import settings
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from execution.drain.keeper import SHARDS
from execution.models import ShardLease

EVERY_SECOND = (
    ("Open due runs", "execution.open_due", "Opens the runs that are due in the live market."),
    ("Sweep unsent orders", "execution.sweep", "Announces again what was committed and not sent."),
)

# name, time (IST), task, queue, description
DAILY = (
    (
        "Refresh schedules", "06:00", "execution.refresh_schedules", "execution",
        "Live deployments that ran out of calendar days get new ones.",
    ),
    (
        "Sync instruments", "08:15", "brokers.sync_instruments", "default",
        "Instrument masters of the brokers in QL_MASTER_DOWNLOADS.",
    ),
    (
        "Sync instruments again", "08:45", "brokers.sync_instruments", "default",
        "What was not ready at 08:15; files that did not change are not fetched.",
    ),
    (
        "Keep the day's volatility", "16:00", "markets.volatility_day", "default",
        "At-the-money volatility at the close of the live market: the history of IV rank.",
    ),
    (
        "Close recordings", "16:10", "markets.recordings_close", "default",
        "Recorded days that were left open become session sets and candles.",
    ),
)  # fmt: skip


def seed_execution() -> None:
    """One lease row per shard, and Beat's rows; rows an operator changed are left alone."""
    ShardLease.objects.bulk_create([ShardLease(shard=shard) for shard in SHARDS], ignore_conflicts=True)
    second, _ = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.SECONDS)
    for name, task, description in EVERY_SECOND:
        PeriodicTask.objects.get_or_create(
            name=name,
            defaults={
                "task": task,
                "interval": second,
                "queue": "execution",
                "expire_seconds": 5,
                "description": description,
            },
        )
    for name, at, task, queue, description in DAILY:
        hour, minute = at.split(":")
        time, _ = CrontabSchedule.objects.get_or_create(
            minute=str(int(minute)), hour=str(int(hour)), timezone=settings.TIME_ZONE
        )
        PeriodicTask.objects.get_or_create(
            name=name,
            defaults={
                "task": task,
                "crontab": time,
                "queue": queue,
                "description": f"{at} IST: {description}",
            },
        )

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
    morning, _ = CrontabSchedule.objects.get_or_create(minute="0", hour="6", timezone=settings.TIME_ZONE)
    PeriodicTask.objects.get_or_create(
        name="Refresh schedules",
        defaults={
            "task": "execution.refresh_schedules",
            "crontab": morning,
            "queue": "execution",
            "description": "06:00 IST: live deployments that ran out of calendar days get new ones.",
        },
    )

"""What is forgotten: answers to idempotency keys after 48 hours, sent news after 30 days. History is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from qlplatform.core.clock import wall
from qlplatform.core.models import IdempotencyRecord, OutboxEvent

ANSWERS_KEPT = timedelta(hours=48)
NEWS_KEPT = timedelta(days=30)
BATCH = 5_000


def forget_old() -> int:
    """Delete what is older than its time, a batch of each kind at most; gives how many rows went."""
    now = wall()
    answers = IdempotencyRecord.objects.filter(created_at__lt=now - ANSWERS_KEPT)
    news = OutboxEvent.objects.filter(relayed_at__lt=now - NEWS_KEPT)
    return _delete_some(answers) + _delete_some(news)


def _delete_some(rows: QuerySet[Any]) -> int:
    """The oldest rows only, so that the deletion stays short."""
    oldest = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return rows.filter(pk__in=oldest).delete()[0] if oldest else 0

"""Reads of core."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Max

from qlplatform.core.clock import wall
from qlplatform.core.envelope import envelope_of
from qlplatform.core.models import OutboxEvent

RESUME_FOR = timedelta(hours=24)
RESUME_MAX = 1_000


def last_seq(workspace_id: int) -> int:
    """The `seq` of the newest fact sent to the workspace's screens; 0 when there is none."""
    relayed = OutboxEvent.objects.filter(workspace_id=workspace_id, relayed_at__isnull=False)
    newest: int | None = relayed.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def facts_since(workspace_id: int, seq: int) -> list[dict[str, Any]] | None:
    """Envelopes of the facts sent after the one numbered `seq`; None when too long ago or too many.

    Facts are sent in the order of commits, which is not the order of numbers: so the search goes by the time
    they were sent. Those sent in the same instant come again; readers go by `id`.
    """
    sent = OutboxEvent.objects.filter(workspace_id=workspace_id, relayed_at__gt=wall() - RESUME_FOR)
    if seq:
        known = sent.filter(pk=seq).first()
        if known is None:
            return None
        sent = sent.filter(relayed_at__gte=known.relayed_at).exclude(pk=seq)
    events = list(sent.order_by("relayed_at", "pk")[: RESUME_MAX + 1])
    return [envelope_of(event) for event in events] if len(events) <= RESUME_MAX else None

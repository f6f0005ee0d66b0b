"""The safety net below NOTIFY and nudges: what was committed and is still unsent gets announced again."""

from __future__ import annotations

from datetime import timedelta

from celery import current_app
from django.db import transaction

from execution.models import Order
from execution.services.events import notify
from execution.services.orders import CHANNEL
from qlplatform.core.clock import wall

UNSENT_S = 0.5


@transaction.atomic
def sweep() -> int:
    """Nudge the workers when orders wait unsent for more than half a second; returns how many wait."""
    late = Order.objects.filter(
        state=Order.State.NEW, updated_at__lt=wall() - timedelta(seconds=UNSENT_S)
    ).count()
    if late:
        notify(CHANNEL)
        current_app.send_task("execution.drain", queue="execution")
    return late

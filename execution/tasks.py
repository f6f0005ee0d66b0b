"""Celery entry points. A message is a nudge: it carries no state and may come often, or never."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_init, worker_shutting_down

from execution.drain.keeper import keeper_start, keeper_stop
from execution.services.schedule import open_due as services_open_due
from execution.services.schedule import schedules_refresh, strategy_reschedule
from execution.services.sweep import sweep as services_sweep
from markets.selectors import live_market
from markets.services import calendar_watch, market_now


@shared_task(name="execution.open_due")
def open_due() -> int:
    """Beat, every second: open the runs that are due in the live market."""
    market = live_market()
    return services_open_due(market=market, now=market_now(market))


@shared_task(name="execution.drain")
def drain() -> None:
    """Wake the drain of this worker: see that its thread runs; the thread itself looks into PostgreSQL."""
    keeper_start()


@shared_task(name="execution.reschedule")
def reschedule(event: dict[str, Any]) -> int:
    """A strategy has a new version: move the schedules that follow it."""
    return strategy_reschedule(strategy=event["data"]["strategy"])


@shared_task(name="execution.refresh_schedules")
def refresh_schedules() -> int:
    """Beat, every morning: live deployments that ran out of calendar days get new ones; a calendar about to
    run out raises the alarm.
    """
    calendar_watch()
    return schedules_refresh()


@shared_task(name="execution.sweep")
def sweep() -> int:
    """Beat, every second: announce again what was committed and not sent."""
    return services_sweep()


@worker_init.connect
def _start_draining(sender: object, **_: object) -> None:
    """Before the worker asks its queue for anything: one that starts without Redis drains all the same."""
    if "execution" in sender.app.amqp.queues.consume_from:  # type: ignore[attr-defined]
        keeper_start()


@worker_shutting_down.connect
def _stop_draining(**_: object) -> None:
    keeper_stop()

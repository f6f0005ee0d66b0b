"""Celery entry points of markets."""

from __future__ import annotations

from celery import shared_task

from markets.recordings.closing import days_close
from markets.selectors import live_market
from markets.services import volatility_at_close
from qlplatform.core.clock import IST, wall


@shared_task(name="markets.volatility_day")
def volatility_day() -> int:
    """Beat, after the close: keep the day's volatility of the live market, if it had prices today."""
    return len(volatility_at_close(market=live_market(), on=wall().astimezone(IST).date()))


@shared_task(name="markets.recordings_close")
def recordings_close() -> list[str]:
    """Beat, after the close: recorded days that their feed did not close itself become session sets."""
    return [day.isoformat() for day in days_close()]

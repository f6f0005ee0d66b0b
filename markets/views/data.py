"""`/data/`: whether the data are good: live prices, faults, masters, recordings, calendar, history."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from markets import selectors
from markets.selectors import health
from markets.selectors.recordings import recordings
from markets.sessions import session_sources
from qlplatform.core.clock import IST, wall
from qlplatform.core.pages import page
from qlplatform.core.tenancy import Actor

RECORDING_DAYS = 14


@require_safe
@page
def data_health(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What came in, what was wrong with it, and what is on disk. Staff see the offending lines as well."""
    now = wall()
    today = now.astimezone(IST).date()
    context = {
        "section": "data",
        "now": now,
        "today": today,
        "feed": selectors.feed_status(),
        "alerts": selectors.data_alerts(),
        "notices": selectors.calendar_alerts(now),
        "days": health.fault_days(today),
        "faults_today": health.faults_total(today),
        "masters": health.masters_health(selectors.masters_newest()),
        "sources": list(session_sources().values()),
        "recordings": recordings(today - timedelta(days=RECORDING_DAYS), today),
        "unrecorded": health.unrecorded_days(today),
        "candles": health.candles_health(today),
        "histories": health.volatility_histories(),
    }
    return render(request, "markets/data.html", context)

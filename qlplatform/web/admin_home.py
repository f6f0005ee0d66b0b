"""The first page of the admin: what has to be entered before trading stops."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from markets.selectors import calendar_alerts
from qlplatform.core.clock import wall


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Warnings above the list of models; the context as it was. Called by the admin's theme."""
    for alert in calendar_alerts(wall()):
        messages.warning(request, alert)
    return context

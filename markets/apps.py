"""Markets: calendar, dated facts, instruments, quotes, recorded sessions and replay."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class MarketsConfig(AppConfig):
    name = "markets"
    verbose_name = "Markets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if settings.QL_PAGES:
            from markets import gauges  # noqa: F401, PLC0415 - our gauges on /metrics

"""Markets: calendar, dated facts, instruments, quotes, recorded sessions and replay."""

from __future__ import annotations

from django.apps import AppConfig


class MarketsConfig(AppConfig):
    name = "markets"
    verbose_name = "Markets"
    default_auto_field = "django.db.models.BigAutoField"

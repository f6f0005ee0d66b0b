"""Strategies: specifications, their versions and the decision core."""

from __future__ import annotations

from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    name = "strategies"
    verbose_name = "Strategies"
    default_auto_field = "django.db.models.BigAutoField"

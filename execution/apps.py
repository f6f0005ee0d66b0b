"""Execution: deployments, runs, intents, orders and the kill switch."""

from __future__ import annotations

from django.apps import AppConfig


class ExecutionConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "execution"

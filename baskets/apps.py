"""Baskets: groups of strategies."""

from __future__ import annotations

from django.apps import AppConfig


class BasketsConfig(AppConfig):
    name = "baskets"
    verbose_name = "Baskets"
    default_auto_field = "django.db.models.BigAutoField"

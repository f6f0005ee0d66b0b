"""Core: what every other app stands on."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class CoreConfig(AppConfig):
    name = "qlplatform.core"
    label = "core"
    verbose_name = "Platform"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        if settings.QL_PAGES:
            # receivers of sign-in signals, the API's security scheme, our own gauges
            from qlplatform.core import accounts, gauges  # noqa: F401, PLC0415
            from qlplatform.core.api import schema  # noqa: F401, PLC0415

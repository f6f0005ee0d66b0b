"""The composition root as a Django app: what has to happen once in every process."""

from __future__ import annotations

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "qlplatform"
    verbose_name = "QL Platform"

    def ready(self) -> None:
        # the Celery app that send_task finds, and our system checks
        from qlplatform import celery, checks  # noqa: F401, PLC0415

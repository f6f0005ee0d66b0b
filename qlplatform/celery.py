"""The Celery app. Roles: `celery -A qlplatform worker -Q execution`, `… -Q research,default`, `… beat`."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qlplatform.settings.dev")

app = Celery("qlplatform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()


def _keep_our_logging(**_: object) -> None:
    """Having a receiver stops Celery from replacing Django's logging."""


setup_logging.connect(_keep_our_logging)

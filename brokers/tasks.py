"""Celery entry points of brokers."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from brokers.masters.catalogue import master_files_of
from brokers.services import master_sync
from qlplatform.core.tenancy import Actor


@shared_task(name="brokers.sync_instruments")
def sync_instruments() -> dict[str, str]:
    """Beat, before the market opens: the masters of the brokers this installation downloads from."""
    by = Actor.system("sync_instruments")
    files = master_files_of(settings.QL_MASTER_DOWNLOADS)
    return {file.name: master_sync(file=file, by=by).state for file in files}

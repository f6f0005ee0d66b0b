"""Brokers' files as sources of imports (`settings.QL_MASTER_SOURCES`): each also writes aliases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from brokers.masters.catalogue import master_files
from brokers.services.aliases import aliases_upsert
from markets.master.sources import Source
from markets.models import MasterImport


def _aliases_of(broker: str) -> Callable[[MasterImport], dict[str, int]]:
    return lambda master: aliases_upsert(broker=broker, day=master.day)


SOURCES: Final = tuple(
    Source(
        file.name,
        file.label,
        file.parse,
        written_in=file.written_in,
        broker=file.broker,
        after_upsert=_aliases_of(file.broker),
    )
    for file in master_files().values()
)

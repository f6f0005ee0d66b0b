"""The facts every installation starts with: rows of data/market/*.csv, and the live market.

Rows already there stay as they are (an admin may have corrected them); rows that are new in this release are
added.
"""

from __future__ import annotations

from django.db import transaction

from markets.fact_files import FACT_FILES, rows_of_file
from markets.models import Market
from markets.selectors import reload_facts


@transaction.atomic
def seed_markets() -> dict[str, int]:
    """Load the facts and make the live market; returns how many rows of each file are new."""
    added = {name: _load(name) for name in FACT_FILES}
    Market.objects.get_or_create(
        kind=Market.Kind.LIVE, workspace=None, defaults={"state": Market.State.PLAYING}
    )
    reload_facts()
    return added


def _load(name: str) -> int:
    manager = FACT_FILES[name]._default_manager
    before = manager.count()
    manager.bulk_create(rows_of_file(name), ignore_conflicts=True)
    return manager.count() - before

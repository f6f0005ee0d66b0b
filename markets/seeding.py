"""The facts every installation starts with: rows of data/market/*.csv, and the live market.

Rows already there stay as they are (an admin may have corrected them); rows that are new in this release are
added.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from markets.models import (
    BrokerageRate,
    ChargeRate,
    ContractFact,
    Holiday,
    Market,
    MarketRule,
    SessionTime,
)
from markets.selectors import reload_facts

FACT_FILES: dict[str, type[models.Model]] = {
    "holidays.csv": Holiday,
    "sessions.csv": SessionTime,
    "contracts.csv": ContractFact,
    "charges.csv": ChargeRate,
    "brokerage.csv": BrokerageRate,
    "rules.csv": MarketRule,
    "margin_rules.csv": MarketRule,
}


@transaction.atomic
def seed_markets() -> dict[str, int]:
    """Load the facts and make the live market; returns how many rows of each file are new."""
    added = {name: _load(name, model) for name, model in FACT_FILES.items()}
    Market.objects.get_or_create(
        kind=Market.Kind.LIVE, workspace=None, defaults={"state": Market.State.PLAYING}
    )
    reload_facts()
    return added


def _load(name: str, model: type[models.Model]) -> int:
    before = model._default_manager.count()
    with (Path(settings.BASE_DIR) / "data" / "market" / name).open(newline="", encoding="utf-8") as file:
        rows = [_row(model, record) for record in csv.DictReader(file)]
    model._default_manager.bulk_create(rows, ignore_conflicts=True)
    return model._default_manager.count() - before


def _row(model: type[models.Model], record: dict[str, str]) -> models.Model:
    return model(**{name: _value(model._meta.get_field(name), text) for name, text in record.items()})


def _value(field: Any, text: str) -> Any:
    if text == "":
        return None if field.null else ""
    return Decimal(text) if isinstance(field, models.DecimalField) else field.to_python(text)

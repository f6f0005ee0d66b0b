"""The facts that ship with the project, rows of data/market/*.csv as unsaved model instances.

Seeding writes them into the tables; commands that work without a database read them from here.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

from markets.models import (
    BrokerageRate,
    ChargeRate,
    ContractFact,
    Holiday,
    MarketRule,
    SessionTime,
)

FACT_FILES: dict[str, type[models.Model]] = {
    "holidays.csv": Holiday,
    "sessions.csv": SessionTime,
    "contracts.csv": ContractFact,
    "charges.csv": ChargeRate,
    "brokerage.csv": BrokerageRate,
    "rules.csv": MarketRule,
    "margin_rules.csv": MarketRule,
}


def rows_of_file(name: str) -> list[models.Model]:
    """The rows of one of FACT_FILES."""
    model = FACT_FILES[name]
    with (Path(settings.BASE_DIR) / "data" / "market" / name).open(newline="", encoding="utf-8") as file:
        return [_row(model, record) for record in csv.DictReader(file)]


@cache
def all_rows() -> Mapping[type[models.Model], list[models.Model]]:
    """Every row by its model; read once per process."""
    found: dict[type[models.Model], list[models.Model]] = {}
    for name, model in FACT_FILES.items():
        found.setdefault(model, []).extend(rows_of_file(name))
    return found


def _row(model: type[models.Model], record: dict[str, str]) -> models.Model:
    return model(**{name: _value(model._meta.get_field(name), text) for name, text in record.items()})


def _value(field: Any, text: str) -> Any:
    if text == "":
        return None if field.null else ""
    return Decimal(text) if isinstance(field, models.DecimalField) else field.to_python(text)

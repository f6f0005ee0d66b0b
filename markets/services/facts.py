"""Changing the dated facts: with a source, in the audit trail, seen by this process at once and by others
within a minute.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

from django.db import transaction

from markets.models.facts import Fact
from markets.selectors import calendar_alerts, reload_facts
from markets.services.health import data_alert
from qlplatform.core import audit
from qlplatform.core.clock import wall
from qlplatform.core.errors import UserError
from qlplatform.core.tenancy import Actor


@transaction.atomic
def fact_save(*, fact: Fact, by: Actor) -> Fact:
    """Write a new or corrected fact. Raises UserError `source_missing`: what nobody can trace is no fact."""
    if not fact.source.strip():
        raise UserError("Name the circular, notice or page this fact comes from.", code="source_missing")
    kind = type(fact)
    before = kind._default_manager.select_for_update().filter(pk=fact.pk).first() if fact.pk else None
    fact.save()
    action = "fact.changed" if before else "fact.added"
    audit.record(
        action, by=by, target=fact, text=str(fact), before=before and _values(before), after=_values(fact)
    )
    transaction.on_commit(reload_facts)
    return fact


def calendar_watch() -> int:
    """Raise the alarm for every holiday list that is missing and every session without hours; returns how
    many. Run every morning: a year without a list is not traded.
    """
    alerts = calendar_alerts(wall())
    for text in alerts:
        data_alert(code="calendar", source="calendar", text=text)
    return len(alerts)


def _values(fact: Fact) -> dict[str, Any]:
    return {
        field.name: _plain(getattr(fact, field.name))
        for field in fact._meta.concrete_fields
        if not field.primary_key
    }


def _plain(value: Any) -> Any:
    """As JSON can hold it; dates and times become ISO text, amounts decimal text."""
    return str(value) if isinstance(value, date | time | Decimal) else value

"""Reading how good the data is: faults of recent days, what is on disk, history of volatility."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Min, Sum

from markets.candle_store import candle_store
from markets.models import DataFault, MasterImport, QuarantinedRow, VolatilityDay
from markets.selectors.candles import DayGaps, candle_gaps
from markets.selectors.recordings import days_not_recorded, recordings
from qlplatform.core.errors import UserError

FAULT_DAYS = 14
FAULTS_SHOWN = 200
GAP_DAYS = 7


@dataclass(frozen=True, slots=True)
class FaultDay:
    """All faults of a day, worst first."""

    day: date
    total: int
    faults: Sequence[DataFault]


@dataclass(frozen=True, slots=True)
class MasterHealth:
    """The newest import of a source, with why rows of it are in quarantine (reason, rows)."""

    master: MasterImport
    reasons: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class VolatilityHistory:
    """How many days of volatility are known of an underlying: what IV rank compares with."""

    underlying: str
    days: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class CandleHealth:
    """The stored one-minute candles of an underlying, and the recent days that lack some."""

    exchange: str
    underlying: str
    days: int
    first: date
    last: date
    gaps: Sequence[DayGaps]


def fault_days(today: date) -> list[FaultDay]:
    """The faults of the last two weeks by day, newest first."""
    since = today - timedelta(days=FAULT_DAYS)
    rows = DataFault.objects.filter(day__gt=since).order_by("-day", "-count", "source", "code")[:FAULTS_SHOWN]
    days: dict[date, list[DataFault]] = {}
    for row in rows:
        days.setdefault(row.day, []).append(row)
    return [FaultDay(day, sum(fault.count for fault in faults), faults) for day, faults in days.items()]


def faults_total(today: date) -> int:
    """How many unusable pieces of data came in today."""
    return DataFault.objects.filter(day=today).aggregate(sum=Sum("count"))["sum"] or 0


def masters_health(masters: Sequence[MasterImport]) -> list[MasterHealth]:
    """Imports with the reasons of their quarantined rows, commonest first."""
    rows = QuarantinedRow.objects.filter(master__in=masters).values_list("master", "code")
    counted = rows.annotate(rows=Count("pk")).order_by("-rows", "code")
    reasons: dict[int, list[tuple[str, int]]] = {}
    for master, code, count in counted:
        reasons.setdefault(master, []).append((code, count))
    return [MasterHealth(master, reasons.get(master.pk, [])) for master in masters]


def volatility_histories() -> list[VolatilityHistory]:
    """The history of volatility by underlying."""
    rows = VolatilityDay.objects.values("underlying").annotate(
        days=Count("pk"), first=Min("day"), last=Max("day")
    )
    return [VolatilityHistory(**row) for row in rows.order_by("underlying")]


def candles_health(today: date) -> list[CandleHealth]:
    """What the candle store holds by underlying, with the gaps of the last days."""
    store = candle_store()
    found = []
    for folder in sorted(store.root.glob("*/*")):
        exchange, underlying = folder.parent.name, folder.name
        if days := store.days(exchange, underlying, 1):
            start = max(days[0], today - timedelta(days=GAP_DAYS))
            gaps = _gaps(underlying, start, today - timedelta(days=1))
            found.append(CandleHealth(exchange, underlying, len(days), days[0], days[-1], gaps))
    return found


def _gaps(underlying: str, start: date, end: date) -> list[DayGaps]:
    """Nothing for a year whose holidays are not known: the calendar notices say so."""
    with suppress(UserError):
        return candle_gaps(underlying, start, end)
    return []


def unrecorded_days(today: date) -> list[tuple[str, list[date]]]:
    """Trading days of the last weeks that were not recorded, by underlying."""
    names = sorted({each.underlying for each in recordings(date(2000, 1, 1), today)})
    start = today - timedelta(days=FAULT_DAYS)
    lost = [(name, days_not_recorded(name, start, today - timedelta(days=1))) for name in names]
    return [(name, days) for name, days in lost if days]

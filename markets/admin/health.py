"""Data health in the admin: faults of data that came in, and the history of volatility."""

from __future__ import annotations

from django.contrib import admin

from markets.models import DataFault, VolatilityDay
from qlplatform.core.history_admin import HistoryAdmin
from qlplatform.core.indian import grouped, price_text


@admin.register(DataFault)
class DataFaultAdmin(HistoryAdmin):
    """How often a source delivered something unusable."""

    list_display = ("day", "source", "code", "times", "example", "first_at", "last_at")
    list_filter = ("source", "code")
    search_fields = ("source", "code", "example")
    date_hierarchy = "day"
    ordering = ("-day", "-count")

    @admin.display(description="times", ordering="count")
    def times(self, fault: DataFault) -> str:
        """With Indian grouping."""
        return grouped(fault.count)


@admin.register(VolatilityDay)
class VolatilityDayAdmin(HistoryAdmin):
    """At-the-money volatility at the end of each day: what IV rank compares with."""

    list_display = ("underlying", "day", "month", "near", "straddle", "source")
    list_filter = ("underlying", "source")
    search_fields = ("underlying", "source")
    date_hierarchy = "day"
    ordering = ("-day", "underlying")

    @admin.display(description="IV 30 days", ordering="iv_30d")
    def month(self, day: VolatilityDay) -> str:
        """In per cent."""
        return _percent(day.iv_30d)

    @admin.display(description="IV nearest expiry", ordering="iv_near")
    def near(self, day: VolatilityDay) -> str:
        """In per cent."""
        return _percent(day.iv_near)

    @admin.display(description="straddle", ordering="straddle_paise")
    def straddle(self, day: VolatilityDay) -> str:
        """Of the nearest expiry."""
        return "–" if day.straddle_paise is None else price_text(day.straddle_paise)


def _percent(volatility: float | None) -> str:
    return "–" if volatility is None else f"{volatility * 100:.1f} %"

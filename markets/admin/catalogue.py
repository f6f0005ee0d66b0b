"""Markets and instruments to look at."""

from __future__ import annotations

from django.contrib import admin
from unfold.decorators import display

from markets.models import Instrument, Market
from qlplatform.core.history_admin import HistoryAdmin
from qlplatform.core.money import rupee_str


@admin.register(Market)
class MarketAdmin(HistoryAdmin):
    """The live market and the replays: made and steered from the pages."""

    list_display = ("name", "workspace", "state_label", "now", "seq", "speed", "note", "created_at")
    list_filter = ("kind", "state", "underlying")
    search_fields = ("public_id", "workspace__name", "source")
    list_select_related = ("workspace",)
    ordering = ("-pk",)

    @admin.display(description="market")
    def name(self, market: Market) -> str:
        """Live, or the day it replays."""
        return str(market)

    @display(  # type: ignore[untyped-decorator]  # unfold ships no types
        description="state", label={"playing": "success", "paused": "warning", "ready": "info"}
    )
    def state_label(self, market: Market) -> tuple[str, str]:
        """State as a coloured label."""
        return market.state, market.get_state_display()


@admin.register(Instrument)
class InstrumentAdmin(HistoryAdmin):
    """The instrument master, filled by sessions and brokers' files."""

    list_display = ("symbol", "exchange", "underlying", "kind", "expiry", "strike", "lot_size", "tick")
    list_filter = ("exchange", "underlying", "kind", "expiry")
    search_fields = ("symbol", "public_id")
    ordering = ("underlying", "expiry", "strike_paise", "kind")

    @admin.display(description="strike", ordering="strike_paise")
    def strike(self, instrument: Instrument) -> str:
        """In rupees."""
        return "" if instrument.strike_paise is None else rupee_str(instrument.strike_paise)

    @admin.display(description="tick", ordering="tick_paise")
    def tick(self, instrument: Instrument) -> str:
        """In rupees."""
        return rupee_str(instrument.tick_paise)

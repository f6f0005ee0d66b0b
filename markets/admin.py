"""Markets and instruments to look at; dated facts to correct, each with its source and in the audit trail."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from markets.models import BrokerageRate, ChargeRate, ContractFact, Holiday, Instrument, Market, SessionTime
from markets.models.facts import Fact
from markets.services import fact_save
from qlplatform.core.actors import staff_actor
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


class FactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A fact needs a source."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            self.fields["source"].required = True


class FactAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Facts are added and corrected, never deleted: what was decided by them has to stay explained.

    What identifies a row stays as it is (`identity`): a rule that changes gets an end, and a new row from
    then on.
    """

    form = FactForm
    list_per_page = 25
    identity: ClassVar[tuple[str, ...]] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Fact | None = None) -> tuple[str, ...]:
        return self.identity if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Fact, form: Any, change: bool) -> None:
        fact_save(fact=obj, by=staff_actor(request))


@admin.register(Holiday)
class HolidayAdmin(FactAdmin):
    """Days that are no ordinary weekday session."""

    identity = ("date", "exchange", "segment")
    list_display = (
        "date",
        "name",
        "kind",
        "exchange",
        "session_open",
        "session_close",
        "confidence",
        "source",
    )
    list_filter = ("kind", "exchange", "confidence")
    search_fields = ("name", "source")
    date_hierarchy = "date"
    ordering = ("-date", "exchange")


@admin.register(SessionTime)
class SessionTimeAdmin(FactAdmin):
    """Hours of a segment."""

    identity = ("segment", "phase", "effective_from")
    list_display = (
        "segment",
        "phase",
        "open",
        "close",
        "effective_from",
        "effective_to",
        "confidence",
        "source",
    )
    list_filter = ("segment", "phase", "confidence")
    ordering = ("segment", "phase", "-effective_from")


@admin.register(ContractFact)
class ContractFactAdmin(FactAdmin):
    """Lots, freeze quantities, expiry weekdays, ticks."""

    identity = ("underlying", "field", "scope", "date_basis", "effective_from")
    list_display = (
        "underlying",
        "field",
        "value",
        "scope",
        "effective_from",
        "effective_to",
        "confidence",
        "source",
    )
    list_filter = ("underlying", "field", "exchange", "confidence")
    search_fields = ("underlying", "source")
    ordering = ("underlying", "field", "-effective_from")


@admin.register(ChargeRate)
class ChargeRateAdmin(FactAdmin):
    """Taxes and exchange fees."""

    identity = ("segment", "item", "side", "effective_from")
    list_display = ("segment", "item", "rate", "unit", "side", "effective_from", "effective_to", "source")
    list_filter = ("segment", "item", "confidence")
    ordering = ("segment", "item", "-effective_from")


@admin.register(BrokerageRate)
class BrokerageRateAdmin(FactAdmin):
    """What brokers bill per executed order."""

    identity = ("broker", "segment", "effective_from")
    list_display = (
        "broker",
        "segment",
        "flat_inr",
        "pct",
        "cap_inr",
        "effective_from",
        "effective_to",
        "source",
    )
    list_filter = ("broker", "segment", "confidence")
    ordering = ("broker", "segment", "-effective_from")

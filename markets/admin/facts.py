"""Dated facts to correct, each with its source and in the audit trail."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from markets.models import BrokerageRate, ChargeRate, ContractFact, Halt, Holiday, MarketRule, SessionTime
from markets.models.facts import Fact
from markets.services import fact_save
from qlplatform.core.actors import staff_actor


class FactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A fact needs a source."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            self.fields["source"].required = True


class HaltForm(FactForm):
    """Orders are collected after the halt began and before trading resumes."""

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        starts, orders, resumes = (data.get(name) for name in ("starts_at", "pre_open_at", "resumes_at"))
        starts = starts or self.instance.starts_at
        if orders and (not resumes or not starts or not starts < orders < resumes):
            raise forms.ValidationError(
                {"pre_open_at": "Orders are collected between the start of the halt and its end."}
            )
        return data


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


@admin.register(MarketRule)
class MarketRuleAdmin(FactAdmin):
    """Numbers of exchanges and regulators: price protection, limits, halts, margins, rates, holiday lists."""

    identity = ("name", "exchange", "subject", "effective_from")
    list_display = (
        "name",
        "exchange",
        "subject",
        "value",
        "unit",
        "effective_from",
        "effective_to",
        "source",
    )
    list_filter = ("exchange", "confidence", "name")
    search_fields = ("name", "subject", "source")
    ordering = ("name", "exchange", "subject", "-effective_from")


@admin.register(Halt)
class HaltAdmin(FactAdmin):
    """Trading stopped for everybody: until `resumes at`, or for the day when that is empty."""

    form = HaltForm
    identity = ("exchange", "segment", "starts_at")
    list_display = ("starts_at", "exchange", "segment", "reason", "pre_open_at", "resumes_at", "source")
    list_filter = ("exchange", "segment")
    search_fields = ("reason", "source")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at",)

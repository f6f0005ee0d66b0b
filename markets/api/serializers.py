"""What the API shows of markets and instruments."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from markets.models import Instrument, Market
from markets.services import market_now
from qlplatform.core.api.fields import RupeesField


class MarketSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """The live market or a replay. `now` is the time in that market, `seq` its newest price event."""

    id = serializers.CharField(source="public_id", help_text="mkt_…")
    now = serializers.SerializerMethodField(help_text="time of day in this market")
    slippage = RupeesField(source="slippage_paise", help_text="rupees a fill is worse than the price")

    class Meta:
        model = Market
        fields = (
            "id",
            "kind",
            "underlying",
            "session_date",
            "source",
            "state",
            "speed",
            "slippage",
            "seq",
            "now",
            "note",
            "created_at",
            "ended_at",
        )

    @extend_schema_field({"type": "string", "format": "date-time"})
    def get_now(self, market: Market) -> str:
        return market_now(market).isoformat().replace("+00:00", "Z")


class InstrumentSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """An index, future or option; `strike` and `tick` in rupees."""

    id = serializers.CharField(source="public_id", help_text="ins_…")
    strike = RupeesField(source="strike_paise", help_text="options only")
    tick = RupeesField(source="tick_paise")

    class Meta:
        model = Instrument
        fields = ("id", "exchange", "underlying", "kind", "expiry", "strike", "lot_size", "tick", "symbol")

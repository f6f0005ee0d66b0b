"""What the API shows of an account."""

from __future__ import annotations

from rest_framework import serializers

from brokers.models import BrokerAccount
from qlplatform.core.api.fields import RupeesField


class AccountSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """An account at a broker, real or paper; `market` is the market it trades on."""

    id = serializers.CharField(source="public_id", help_text="acc_…")
    mode = serializers.ChoiceField(choices=["paper", "live"], help_text="paper or live")
    market = serializers.CharField(source="market.public_id", help_text="mkt_…")
    capital = RupeesField(source="capital_paise", help_text="paper: starting cash in rupees")

    class Meta:
        model = BrokerAccount
        fields = (
            "id",
            "name",
            "broker",
            "mode",
            "state",
            "market",
            "brokerage_plan",
            "capital",
            "created_at",
        )

"""What the API shows of positions, P&L and limits. Amounts are decimal strings in rupees."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portfolio.models import Limit
from qlplatform.core.api.fields import RupeesField
from qlplatform.core.errors import UserError
from qlplatform.core.money import rupee_str, to_paise

MODES = [("paper", "paper"), ("live", "live")]


class PositionSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A position of today at the latest price; `mark` and `unrealised` are null until there is a price."""

    id = serializers.CharField(help_text="pos_…")
    account = serializers.CharField(help_text="acc_…")
    mode = serializers.ChoiceField(choices=MODES)
    book = serializers.CharField(help_text="bok_…; the account's own book for net positions")
    book_name = serializers.CharField()
    symbol = serializers.CharField(source="instrument.symbol")
    underlying = serializers.CharField(source="instrument.underlying")
    expiry = serializers.DateField(source="instrument.expiry", allow_null=True)
    strike = RupeesField(source="instrument.strike_paise", allow_null=True)
    type = serializers.CharField(source="instrument.kind", help_text="CE, PE or FUT")
    trading_date = serializers.DateField(help_text="IST")
    qty = serializers.IntegerField(source="net_qty", help_text="signed units")
    lots = serializers.IntegerField(help_text="signed")
    average_price = RupeesField(source="average_paise", allow_null=True)
    mark = RupeesField(source="mark_paise", allow_null=True)
    bought_qty = serializers.IntegerField(source="buy_qty")
    bought_value = RupeesField(source="buy_value_paise")
    sold_qty = serializers.IntegerField(source="sell_qty")
    sold_value = RupeesField(source="sell_value_paise")
    realised = RupeesField(source="realised_paise", help_text="gross of charges")
    unrealised = RupeesField(source="unrealised_paise", allow_null=True)
    charges = RupeesField(source="charges_paise")
    net = RupeesField(source="net_paise", help_text="realised + unrealised − charges")


class ValuedPnlSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """net = realised + unrealised − charges."""

    realised = RupeesField(source="realised_paise")
    unrealised = RupeesField(source="unrealised_paise")
    charges = RupeesField(source="charges_paise")
    net = RupeesField(source="net_paise")
    unpriced = serializers.IntegerField(help_text="open positions without a price yet, taken at cost")


class BookPnlSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A deployment's (or basket's) book today."""

    book = serializers.CharField(source="book.public_id", help_text="bok_…")
    name = serializers.CharField(source="book.name")
    kind = serializers.ChoiceField(
        source="book.kind", choices=[("basket", "basket"), ("deployment", "deployment")]
    )
    pnl = ValuedPnlSerializer()


class AccountPnlSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An account today, and every book below it that traded."""

    account = serializers.CharField(source="account.public_id", help_text="acc_…")
    name = serializers.CharField(source="account.name")
    mode = serializers.ChoiceField(source="account.mode", choices=MODES)
    market = serializers.CharField(source="account.market.public_id", help_text="mkt_…")
    trading_date = serializers.DateField(help_text="IST")
    pnl = ValuedPnlSerializer()
    books = BookPnlSerializer(many=True)


class LimitSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A limit of an account that blocks new entries; exits are never blocked."""

    id = serializers.CharField(source="public_id", help_text="lim_…")
    account = serializers.CharField(source="account.public_id", help_text="acc_…")
    unit = serializers.SerializerMethodField(help_text="rupees or lots")
    value = serializers.SerializerMethodField("text_of_value", help_text="decimal text in `unit`")

    class Meta:
        model = Limit
        fields = ("id", "account", "kind", "unit", "value", "enabled")

    def get_unit(self, limit: Limit) -> str:
        return "rupees" if limit.kind == Limit.Kind.DAY_LOSS else "lots"

    def text_of_value(self, limit: Limit) -> str:
        return rupee_str(limit.value) if limit.kind == Limit.Kind.DAY_LOSS else str(limit.value)


class LimitInputSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What of a limit to change; what is left out stays. Takes the limit's kind as context `kind`."""

    value = serializers.CharField(required=False, max_length=24, help_text="“25000.00” rupees, or “40” lots")
    enabled = serializers.BooleanField(required=False)

    def validate_value(self, text: str) -> int:
        if self.context["kind"] != Limit.Kind.DAY_LOSS:
            if not (text.isascii() and text.isdigit()):
                raise serializers.ValidationError(
                    "Lots are a whole number, written as text: “40”.", code="bad_limit"
                )
            return int(text)
        try:
            return to_paise(text)
        except UserError as error:
            raise serializers.ValidationError(error.message, code=error.code) from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("Send “value”, “enabled” or both.", code="nothing_to_change")
        return attrs

"""What the API shows of baskets, and what it takes."""

from __future__ import annotations

from rest_framework import serializers

from baskets.models import Basket, BasketMember
from qlplatform.core.api.fields import RupeesField


class MemberSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A strategy in a basket."""

    strategy = serializers.CharField(source="strategy.public_id", help_text="str_…")
    name = serializers.CharField(source="strategy.name")

    class Meta:
        model = BasketMember
        fields = ("strategy", "name", "multiplier")


class BasketSerializer(serializers.ModelSerializer):  # type: ignore[type-arg]
    """A basket with its members."""

    id = serializers.CharField(source="public_id", help_text="bsk_…")
    capital = RupeesField(source="capital_paise", help_text="capital set aside in rupees, 0.00 = not set")
    members = MemberSerializer(many=True)

    class Meta:
        model = Basket
        fields = ("id", "name", "description", "capital", "members", "created_at")


class MemberInputSerializer(serializers.Serializer):  # type: ignore[type-arg]
    strategy = serializers.CharField(max_length=40)
    multiplier = serializers.IntegerField(default=1, min_value=1, max_value=1000)


class BasketInputSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A new basket."""

    name = serializers.CharField(max_length=80)
    description = serializers.CharField(max_length=240, default="", allow_blank=True)
    capital = RupeesField(default=0)
    members = MemberInputSerializer(many=True, default=list)

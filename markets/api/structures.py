"""`/api/v1/structures/evaluate`: a structure while it is built."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from markets.api.structures_examples import ANSWER, REQUEST
from markets.api.structures_schema import StructureEvaluationSerializer
from markets.domain.structures import BUY, CALL, FUTURE, MOST_LEGS, MOST_PAISE, PUT, SELL, Leg
from markets.models import Market
from markets.selectors import calendar_of, live_market, market_of
from markets.selectors.structures import structure_evaluate
from markets.services import market_now
from qlplatform.core.api.fields import RupeesField
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.clock import IST
from qlplatform.core.errors import UserError
from qlplatform.core.indian import rupee_text

MOST_LOTS = 10_000
YEARS = range(2000, 2100)  # of the instants that can be asked for


class StructureLegInput(serializers.Serializer):  # type: ignore[type-arg]
    """One leg; `price` is what a unit costs, left out: the market's price."""

    side = serializers.ChoiceField([(BUY, BUY), (SELL, SELL)])
    kind = serializers.ChoiceField([(CALL, CALL), (PUT, PUT), (FUTURE, FUTURE)])
    expiry = serializers.DateField()
    strike = RupeesField(required=False, help_text="options only")
    lots = serializers.IntegerField(min_value=1, max_value=MOST_LOTS)
    price = RupeesField(required=False, help_text="rupees a unit")

    def leg(self, data: dict[str, Any]) -> Leg:
        """The validated leg."""
        return Leg(
            side=data["side"],
            kind=data["kind"],
            expiry=data["expiry"],
            lots=data["lots"],
            strike_paise=data.get("strike"),
            price_paise=data.get("price"),
        )


class StructureInput(serializers.Serializer):  # type: ignore[type-arg]
    """Legs of one underlying, the market they are looked at in, and when (`at` or `on`, default: its now)."""

    underlying = serializers.RegexField(r"^[A-Za-z][A-Za-z0-9&-]*$", max_length=24, help_text="NIFTY, …")
    market = serializers.CharField(max_length=40, required=False, help_text="mkt_…; left out: the live one")
    at = serializers.DateTimeField(required=False, help_text="an instant")
    on = serializers.DateField(required=False, help_text="a day, at its opening")
    spot = RupeesField(required=False, help_text="left out: the market's")
    legs = serializers.ListField(child=StructureLegInput(), max_length=MOST_LEGS)
    plan = serializers.CharField(
        max_length=24,
        required=False,
        help_text="whose brokerage counts: zerodha, …; left out: no charges",
    )

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if "at" in data and "on" in data:
            raise serializers.ValidationError("Give “at” or “on”, not both.", code="one_time")
        return data

    def validate_at(self, at: datetime) -> datetime:
        if at.year not in YEARS:
            raise serializers.ValidationError(
                f"Give an instant from {YEARS.start} to {YEARS.stop - 1}.", code="time_range"
            )
        return at

    def validate_spot(self, spot_paise: int) -> int:
        if not 0 < spot_paise <= MOST_PAISE:
            text = f"The level of the underlying is above 0 and at most {rupee_text(MOST_PAISE)}."
            raise serializers.ValidationError(text, code="spot_range")
        return spot_paise


class StructureEvaluate(WorkspaceAPIView):
    """Value, outlook, charges and margin of a structure nobody holds yet."""

    rights: ClassVar[dict[str, str]] = {"POST": "read"}

    @extend_schema(
        operation_id="structures_evaluate",
        summary="Evaluate a structure",
        request=StructureInput,
        responses=StructureEvaluationSerializer,
        examples=[REQUEST, ANSWER],
    )
    def post(self, request: Request) -> Response:
        """Nothing is kept. Legs that cannot be evaluated are answered with 422 and a finding each."""
        asked = StructureInput(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        market = market_of(self.actor, data["market"]) if "market" in data else live_market()
        underlying = data["underlying"].upper()
        found = structure_evaluate(
            underlying=underlying,
            legs=[StructureLegInput().leg(leg) for leg in data["legs"]],
            at=_at(data, market, underlying),
            market=market,
            spot_paise=data.get("spot"),
            plan=data.get("plan", ""),
        )
        return Response(StructureEvaluationSerializer(found).data)


def _at(data: dict[str, Any], market: Market, underlying: str) -> datetime:
    if "at" in data:
        at: datetime = data["at"]
        return at
    if "on" not in data:
        return market_now(market)
    session = calendar_of(underlying).session(data["on"])
    if session is None:
        raise UserError(f"{data['on']:%d %b %Y} is no trading day.", code="no_session")
    return session.open.astimezone(IST)

"""`/api/v1/baskets`."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from baskets import selectors
from baskets.api.serializers import BasketInputSerializer, BasketSerializer
from baskets.models import Basket
from baskets.services import basket_create, basket_member_add
from qlplatform.core.actors import get_visible, workspace_of
from qlplatform.core.api.etag import tagged
from qlplatform.core.api.idempotency import idempotent
from qlplatform.core.api.views import WorkspaceAPIView
from strategies.models import Strategy

INPUT = {
    "name": "Weekly income",
    "description": "",
    "capital": "500000.00",
    "members": [{"strategy": "str_01KB3T9Q6M2E8Y5V0R7N4D1C3X", "multiplier": 2}],
}
BASKET = INPUT | {
    "id": "bsk_01KB3T9Q6M2E8Y5V0R7N4D1C3Y",
    "members": [{"strategy": "str_01KB3T9Q6M2E8Y5V0R7N4D1C3X", "name": "0920 straddle", "multiplier": 2}],
    "created_at": "2026-11-20T03:40:00Z",
}
REQUEST = OpenApiExample("A basket of one strategy", value=INPUT, request_only=True)
ANSWER = OpenApiExample("A basket", value=BASKET, response_only=True)


class BasketList(WorkspaceAPIView):
    """The workspace's baskets."""

    @extend_schema(
        operation_id="baskets_list",
        summary="List baskets",
        responses=BasketSerializer(many=True),
        examples=[ANSWER],
    )
    def get(self, request: Request) -> Response:
        return self.page_of(selectors.baskets(self.actor), BasketSerializer)

    @extend_schema(
        operation_id="baskets_create",
        summary="Create a basket",
        request=BasketInputSerializer,
        responses={201: BasketSerializer},
        examples=[REQUEST, ANSWER],
    )
    @idempotent()
    def post(self, request: Request) -> Response:
        wish = BasketInputSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        basket = self._create(wish.validated_data)
        answer = tagged(request, BasketSerializer(basket).data, status=201)
        answer["Location"] = f"{request.path}/{basket.public_id}"
        return answer

    @transaction.atomic
    def _create(self, wish: dict[str, Any]) -> Basket:
        """The basket with all its members, or nothing at all."""
        basket = basket_create(
            workspace=workspace_of(self.actor),
            name=wish["name"],
            by=self.actor,
            description=wish["description"],
            capital_paise=wish["capital"],
        )
        for member in wish["members"]:
            strategy = get_visible(Strategy.objects.all(), self.actor, member["strategy"])
            basket_member_add(
                basket=basket, strategy=strategy, by=self.actor, multiplier=member["multiplier"]
            )
        return basket


class BasketDetail(WorkspaceAPIView):
    """One basket."""

    @extend_schema(
        operation_id="baskets_get", summary="Get a basket", responses=BasketSerializer, examples=[ANSWER]
    )
    def get(self, request: Request, public_id: str) -> Response:
        basket = get_visible(selectors.baskets(self.actor), self.actor, public_id)
        return tagged(request, BasketSerializer(basket).data)

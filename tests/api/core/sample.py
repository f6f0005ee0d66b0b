"""A small API built on core's conventions, as the apps above build theirs: API keys as the resource."""

from __future__ import annotations

import threading
from typing import Any

from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qlplatform.core.actors import get_visible
from qlplatform.core.api.etag import require_match, tagged
from qlplatform.core.api.fields import RupeesField
from qlplatform.core.api.idempotency import idempotent
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.errors import KillSwitchOn, UserError
from qlplatform.core.models import ApiKey
from qlplatform.core.services import api_key_create

entered, release = threading.Event(), threading.Event()


class KeySerializer(serializers.ModelSerializer[ApiKey]):
    class Meta:
        model = ApiKey
        fields = ("public_id", "name")


class OrderSerializer(serializers.Serializer[Any]):
    price = RupeesField()
    qty = serializers.IntegerField(min_value=1)


class Keys(WorkspaceAPIView):
    def get(self, request: Request) -> Response:
        return self.page_of(ApiKey.objects.visible_to(self.actor), KeySerializer)

    @idempotent()
    def post(self, request: Request) -> Response:
        api_key, _ = api_key_create(actor=self.actor, name=request.data["name"])
        if request.data["name"] == "slow":
            entered.set()
            release.wait(10)
        if request.data["name"] == "broken":
            raise UserError("That did not work.", code="broken", errors=[])
        return Response(KeySerializer(api_key).data, status=201)


class Key(WorkspaceAPIView):
    etag = True

    def get(self, request: Request, public_id: str) -> Response:
        api_key = get_visible(ApiKey.objects, self.actor, public_id)
        return tagged(request, KeySerializer(api_key).data)

    def patch(self, request: Request, public_id: str) -> Response:
        api_key = get_visible(ApiKey.objects, self.actor, public_id)
        require_match(request, KeySerializer(api_key).data)
        api_key.name = request.data["name"]
        api_key.save()
        return tagged(request, KeySerializer(api_key).data)


class Orders(WorkspaceAPIView):
    rights = {"POST": "trade", "DELETE": "stop"}  # noqa: RUF012

    @idempotent(required=True)
    def post(self, request: Request) -> Response:
        order = OrderSerializer(data=request.data)
        order.is_valid(raise_exception=True)
        return Response({"price_paise": order.validated_data["price"], **order.data}, status=201)

    def delete(self, request: Request) -> Response:
        raise KillSwitchOn("Trading is stopped.")


urlpatterns = [
    path("api/v1/keys", Keys.as_view()),
    path("api/v1/keys/<str:public_id>", Key.as_view()),
    path("api/v1/orders", Orders.as_view()),
    path("", include("qlplatform.urls")),
]

handler404 = "qlplatform.core.views.not_found"
handler500 = "qlplatform.core.views.server_error"

"""`/api/v1/orders`: every order with its reason and its history. Read-only: runs trade."""

from __future__ import annotations

from typing import cast

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from execution import selectors
from execution.api import examples
from execution.api.filters import OrderFilter
from execution.api.serializers import OrderDetailSerializer, OrderSerializer
from execution.models import Order, OrderEvent
from qlplatform.core.actors import get_visible
from qlplatform.core.api.etag import tagged
from qlplatform.core.api.pagination import CursorList
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.tenancy import ScopedQuerySet


class OrderList(WorkspaceAPIView, ListAPIView):  # type: ignore[type-arg]
    """The order book of the workspace, newest first."""

    queryset = Order.objects.none()
    serializer_class = OrderSerializer
    pagination_class = CursorList
    filterset_class = OrderFilter

    def get_queryset(self) -> QuerySet[Order]:
        return selectors.orders_of(self.actor)

    @extend_schema(operation_id="orders_list", summary="List orders", examples=[examples.ORDER])
    def get(self, request: Request) -> Response:
        return self.list(request)


class OrderDetail(WorkspaceAPIView):
    """One order with its history."""

    @extend_schema(
        operation_id="orders_get",
        summary="Get an order with its history",
        responses=OrderDetailSerializer,
        examples=[examples.ORDER_DETAIL],
    )
    def get(self, request: Request, public_id: str) -> Response:
        history = Prefetch("events", OrderEvent.objects.order_by("id"))
        rows = cast("ScopedQuerySet[Order]", selectors.orders_of(self.actor).prefetch_related(history))
        return tagged(request, OrderDetailSerializer(get_visible(rows, self.actor, public_id)).data)

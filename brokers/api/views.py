"""`/api/v1/accounts`."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from brokers import selectors
from brokers.api.serializers import AccountSerializer
from brokers.models import BrokerAccount
from qlplatform.core.actors import get_visible
from qlplatform.core.api.etag import tagged
from qlplatform.core.api.pagination import CursorList
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.tenancy import ScopedQuerySet

EXAMPLE = OpenApiExample(
    "A paper account",
    value={
        "id": "acc_01KB3T9Q6M2E8Y5V0R7N4D1C3X",
        "name": "Paper",
        "broker": "paper",
        "mode": "paper",
        "state": "active",
        "market": "mkt_01KB3T9Q5ZB8W6H2J4K0M9P7RS",
        "brokerage_plan": "zerodha",
        "capital": "1000000.00",
        "created_at": "2026-11-20T03:40:00Z",
    },
    response_only=True,
)


class AccountList(WorkspaceAPIView, ListAPIView):  # type: ignore[type-arg]
    """The workspace's accounts."""

    serializer_class = AccountSerializer
    pagination_class = CursorList

    def get_queryset(self) -> ScopedQuerySet[BrokerAccount]:
        return selectors.accounts(self.actor)

    @extend_schema(operation_id="accounts_list", summary="List broker accounts", examples=[EXAMPLE])
    def get(self, request: Request) -> Response:
        return self.list(request)


class AccountDetail(WorkspaceAPIView):
    """One account."""

    @extend_schema(
        operation_id="accounts_get",
        summary="Get a broker account",
        responses=AccountSerializer,
        examples=[EXAMPLE],
    )
    def get(self, request: Request, public_id: str) -> Response:
        account = get_visible(selectors.accounts(self.actor), self.actor, public_id)
        return tagged(request, AccountSerializer(account).data)

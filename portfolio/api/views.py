"""`/api/v1/positions`, `/api/v1/pnl`, `/api/v1/limits`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from brokers.models import BrokerAccount
from portfolio import selectors
from portfolio.api import examples
from portfolio.api.serializers import (
    AccountPnlSerializer,
    LimitInputSerializer,
    LimitSerializer,
    PositionSerializer,
)
from portfolio.models import Limit
from portfolio.services import limit_set
from qlplatform.core.actors import get_visible
from qlplatform.core.api.etag import require_match, tagged
from qlplatform.core.api.pagination import CursorList
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.errors import Malformed

ACCOUNT = OpenApiParameter(
    "account", str, description="acc_…; left out: every account whose session is not over yet"
)

KIND = OpenApiParameter(
    "kind", str, enum=selectors.KINDS, description="net: per account (default); virtual: per deployment"
)


class WholeList(CursorList):
    """A list bounded by what an account holds on one day: it comes whole, in the shape of every list."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return []


class AccountView(WorkspaceAPIView):
    """Answers for one account (`?account=`) or for all of today's."""

    def asked_account(self) -> BrokerAccount | None:
        public_id = self.request.query_params.get("account", "")
        return get_visible(BrokerAccount.objects.all(), self.actor, public_id) if public_id else None


class PositionList(AccountView):
    """Today's positions."""

    pagination_class = WholeList

    @extend_schema(
        operation_id="positions_list",
        summary="List today's positions",
        parameters=[
            ACCOUNT,
            KIND,
        ],
        responses=PositionSerializer(many=True),
        examples=[examples.POSITION],
    )
    def get(self, request: Request) -> Response:
        """Comes whole: `has_more` is always false."""
        kind = request.query_params.get("kind", "net")
        if kind not in selectors.KINDS:
            raise Malformed("“kind” is “net” or “virtual”.", code="bad_kind")
        return whole(
            PositionSerializer(selectors.positions(self.actor, self.asked_account(), kind), many=True).data
        )


class PnlList(AccountView):
    """Today's profit and loss."""

    pagination_class = WholeList

    @extend_schema(
        operation_id="pnl_list",
        summary="List today's P&L by account and deployment",
        parameters=[ACCOUNT],
        responses=AccountPnlSerializer(many=True),
        examples=[examples.PNL],
    )
    def get(self, request: Request) -> Response:
        found = selectors.pnl_of_accounts(self.actor, self.asked_account())
        return whole(AccountPnlSerializer(found, many=True).data)


class LimitList(AccountView):
    """The limits of the workspace's accounts."""

    @extend_schema(
        operation_id="limits_list",
        summary="List limits",
        parameters=[ACCOUNT],
        responses=LimitSerializer(many=True),
        examples=[examples.LIMIT],
    )
    def get(self, request: Request) -> Response:
        account = self.asked_account()
        found = selectors.limits(self.actor)
        return self.page_of(found.filter(account=account) if account else found, LimitSerializer)


class LimitDetail(WorkspaceAPIView):
    """One limit."""

    etag = True
    rights: ClassVar[dict[str, str]] = {"PATCH": "limits"}

    @extend_schema(
        operation_id="limits_get", summary="Get a limit", responses=LimitSerializer, examples=[examples.LIMIT]
    )
    def get(self, request: Request, public_id: str) -> Response:
        return tagged(
            request, LimitSerializer(get_visible(selectors.limits(self.actor), self.actor, public_id)).data
        )

    @extend_schema(
        operation_id="limits_change",
        summary="Change a limit",
        request=LimitInputSerializer,
        responses=LimitSerializer,
        examples=[examples.LIMIT_CHANGE, examples.LIMIT],
    )
    @transaction.atomic
    def patch(self, request: Request, public_id: str) -> Response:
        """Holds from the next entry on; what is open is not touched."""
        limit = get_visible(Limit.objects.select_for_update(), self.actor, public_id)
        require_match(request, LimitSerializer(limit).data)
        wish = LimitInputSerializer(data=request.data, context={"kind": limit.kind})
        wish.is_valid(raise_exception=True)
        changed = limit_set(
            account=limit.account,
            kind=limit.kind,
            value=wish.validated_data.get("value", limit.value),
            enabled=wish.validated_data.get("enabled", limit.enabled),
            by=self.actor,
        )
        return tagged(request, LimitSerializer(changed).data)


def whole(rows: object) -> Response:
    """A complete list in the shape of every list."""
    return Response({"data": rows, "next_cursor": None, "has_more": False})

"""`/api/v1/strategies` and `/api/v1/strategy-schema`."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from qlplatform.core.actors import get_visible, workspace_of
from qlplatform.core.api.etag import require_match, tagged
from qlplatform.core.api.idempotency import idempotent
from qlplatform.core.api.views import WorkspaceAPIView
from strategies import selectors
from strategies.api.documents import SpecParser, document_of
from strategies.api.serializers import (
    StrategyDocumentSerializer,
    StrategyRowSerializer,
    StrategySerializer,
    VersionSerializer,
)
from strategies.models import Strategy
from strategies.services import strategy_create, strategy_revise
from strategies.spec import spec_schema

SPEC: dict[str, Any] = {
    "name": "0920 straddle",
    "underlying": "NIFTY",
    "expiry_by": "WEEKLY",
    "entry_time": "09:20",
    "exit_time": "15:15",
    "legs": [
        {
            "side": "SELL",
            "right": right,
            "lots": 1,
            "strike_by": {"method": "ATM_OFFSET", "offset": 0},
            "stop": {"type": "PREMIUM_PCT", "value": 25},
        }
        for right in ("CE", "PE")
    ],
}
ROW = {
    "id": "str_01KB3T9Q6M2E8Y5V0R7N4D1C3X",
    "name": "0920 straddle",
    "version": 1,
    "origin": "",
    "client_ref": "desk-7",
    "created_at": "2026-11-20T03:40:00Z",
    "archived_at": None,
}
WHOLE = ROW | {"spec": SPEC, "spec_hash": "9f2c…", "sentences": ["Exit whatever is open at 15:15."]}
REQUEST = OpenApiExample("A short straddle", value={"spec": SPEC, "client_ref": "desk-7"}, request_only=True)
ANSWER = OpenApiExample("A strategy", value=WHOLE, response_only=True)


class StrategyList(WorkspaceAPIView):
    """The workspace's strategies."""

    parser_classes = (SpecParser,)

    @extend_schema(
        operation_id="strategies_list",
        summary="List strategies",
        responses=StrategyRowSerializer(many=True),
        examples=[OpenApiExample("A strategy", value=ROW, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        return self.page_of(selectors.strategies(self.actor), StrategyRowSerializer)

    @extend_schema(
        operation_id="strategies_create",
        summary="Create a strategy from a spec",
        request=StrategyDocumentSerializer,
        responses={201: StrategySerializer},
        examples=[REQUEST, ANSWER],
    )
    @idempotent()
    def post(self, request: Request) -> Response:
        """A spec that breaks rules is answered with 422 and every finding in `errors`, by JSON pointer."""
        document = document_of(request.data)
        workspace = workspace_of(self.actor)
        with document.judged():
            strategy = strategy_create(
                workspace=workspace, spec=document.spec, by=self.actor, client_ref=document.client_ref
            )
        answer = tagged(request, StrategySerializer(strategy).data, status=201)
        answer["Location"] = f"{request.path}/{strategy.public_id}"
        return answer


class StrategyDetail(WorkspaceAPIView):
    """One strategy."""

    parser_classes = (SpecParser,)
    etag = True

    @extend_schema(
        operation_id="strategies_get",
        summary="Get a strategy",
        responses=StrategySerializer,
        examples=[ANSWER],
    )
    def get(self, request: Request, public_id: str) -> Response:
        strategy = get_visible(selectors.strategies(self.actor, archived=True), self.actor, public_id)
        return tagged(request, StrategySerializer(strategy).data)

    @extend_schema(
        operation_id="strategies_revise",
        summary="Give a strategy a new version",
        request=StrategyDocumentSerializer,
        responses=StrategySerializer,
        examples=[REQUEST, ANSWER],
    )
    @transaction.atomic
    def patch(self, request: Request, public_id: str) -> Response:
        """The body is the whole new spec. Earlier versions stay as they are."""
        document = document_of(request.data)
        # Locked first, read after: the version compared with If-Match is the one that is revised.
        locked = get_visible(Strategy.objects.select_for_update(), self.actor, public_id)
        require_match(request, StrategySerializer(locked).data)
        with document.judged():
            version = strategy_revise(strategy=locked, spec=document.spec, by=self.actor)
        return tagged(request, StrategySerializer(version.strategy).data)


class StrategyVersions(WorkspaceAPIView):
    """The versions of a strategy."""

    @extend_schema(
        operation_id="strategies_versions",
        summary="List the versions of a strategy",
        responses=VersionSerializer(many=True),
        examples=[
            OpenApiExample(
                "A version",
                value={
                    "number": 1,
                    "spec": SPEC,
                    "spec_hash": "9f2c…",
                    "created_at": "2026-11-20T03:40:00Z",
                    "created_by": "asha@example.com",
                },
                response_only=True,
            )
        ],
    )
    def get(self, request: Request, public_id: str) -> Response:
        strategy = get_visible(selectors.strategies(self.actor, archived=True), self.actor, public_id)
        return self.page_of(selectors.versions(strategy), VersionSerializer)


class StrategySchema(WorkspaceAPIView):
    """The JSON Schema of a spec."""

    @extend_schema(
        operation_id="strategy_schema",
        summary="Get the JSON Schema of strategy specs",
        responses={(200, "application/json"): {"type": "object"}},
        examples=[
            OpenApiExample("Its beginning", value={"$schema": spec_schema()["$schema"]}, response_only=True)
        ],
    )
    def get(self, request: Request) -> Response:
        return tagged(request, spec_schema())

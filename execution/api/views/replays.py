"""`/api/v1/replays`: recorded sessions being played, each a market of its own."""

from __future__ import annotations

from typing import cast

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from execution import selectors
from execution.api import examples
from execution.api.inputs import ControlInput, ReplayInput
from execution.api.serializers import ReplaySerializer
from execution.api.workspace import workspace_of
from execution.services.controls import replay_control
from execution.services.replays import replay_start
from markets.models import Market
from qlplatform.core.actors import get_visible
from qlplatform.core.api.etag import tagged
from qlplatform.core.api.idempotency import idempotent
from qlplatform.core.api.pagination import CursorList
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.tenancy import ScopedQuerySet


class ReplayList(WorkspaceAPIView, ListAPIView):  # type: ignore[type-arg]
    """The workspace's replays, newest first."""

    queryset = Market.objects.none()
    serializer_class = ReplaySerializer
    pagination_class = CursorList
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Market]:
        return selectors.sessions_of(self.actor)

    @extend_schema(operation_id="replays_list", summary="List replays", examples=[examples.REPLAY])
    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="replays_create",
        summary="Start a replay",
        description="Plays a recorded session in a new market, with the newest replay's active deployments.",
        request=ReplayInput,
        responses={201: ReplaySerializer},
        examples=[examples.REPLAY_START, examples.REPLAY],
    )
    @idempotent(required=True)
    def post(self, request: Request) -> Response:
        wanted = ReplayInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        market = replay_start(workspace=workspace_of(self.actor), by=self.actor, **wanted.validated_data)
        where = reverse("api-replay", args=[market.public_id])
        return Response(ReplaySerializer(market).data, status=201, headers={"Location": where})


class ReplayDetail(WorkspaceAPIView):
    """One replay."""

    @extend_schema(
        operation_id="replays_get",
        summary="Get a replay",
        responses=ReplaySerializer,
        examples=[examples.REPLAY],
    )
    def get(self, request: Request, public_id: str) -> Response:
        return tagged(request, ReplaySerializer(_found(self, public_id)).data)


class ReplayControl(WorkspaceAPIView):
    """Play, pause, step, speed, next decision, again, next day."""

    @extend_schema(
        operation_id="replays_control",
        summary="Control a replay",
        description="`speed` and `step` take `value`. `again` and `next_day` answer the new replay.",
        request=ControlInput,
        responses=ReplaySerializer,
        examples=[examples.CONTROL, examples.REPLAY],
    )
    @idempotent()
    def post(self, request: Request, public_id: str) -> Response:
        market = _found(self, public_id)
        wanted = ControlInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        return Response(
            ReplaySerializer(replay_control(market=market, by=self.actor, **wanted.validated_data)).data
        )


def _found(view: WorkspaceAPIView, public_id: str) -> Market:
    rows = cast("ScopedQuerySet[Market]", selectors.sessions_of(view.actor))
    return get_visible(rows, view.actor, public_id)

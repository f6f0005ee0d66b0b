"""`/api/v1/runs`: what deployments did on a day, and why."""

from __future__ import annotations

from typing import ClassVar, cast

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from execution import selectors
from execution.api import examples
from execution.api.filters import RunFilter
from execution.api.serializers import DecisionSerializer, RunDetailSerializer, RunSerializer
from execution.models import Decision, Run
from execution.services.deployments import run_square_off
from qlplatform.core.actors import get_visible
from qlplatform.core.api.etag import tagged
from qlplatform.core.api.idempotency import idempotent
from qlplatform.core.api.pagination import CursorList
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.errors import NotFound
from qlplatform.core.tenancy import ScopedQuerySet


class RunList(WorkspaceAPIView, ListAPIView):  # type: ignore[type-arg]
    """The workspace's runs, newest first."""

    queryset = Run.objects.none()
    serializer_class = RunSerializer
    pagination_class = CursorList
    filterset_class = RunFilter
    created_field = "opened_at"

    def get_queryset(self) -> QuerySet[Run]:
        return selectors.runs_of(self.actor)

    @extend_schema(operation_id="runs_list", summary="List runs", examples=[examples.RUN])
    def get(self, request: Request) -> Response:
        return self.list(request)


class RunDetail(WorkspaceAPIView):
    """One run with legs and decisions."""

    @extend_schema(
        operation_id="runs_get",
        summary="Get a run with its legs and decisions",
        responses=RunDetailSerializer,
        examples=[examples.RUN_DETAIL],
    )
    def get(self, request: Request, public_id: str) -> Response:
        run = selectors.run_full(self.actor, public_id)
        if run is None:
            raise NotFound(f"There is no run “{public_id}” in this workspace.")
        return tagged(request, RunDetailSerializer(run).data)


class RunDecisions(WorkspaceAPIView, ListAPIView):  # type: ignore[type-arg]
    """The decision log of a run: why it did and why it did not trade."""

    queryset = Decision.objects.none()
    serializer_class = DecisionSerializer
    pagination_class = CursorList
    filter_backends = ()
    created_field = "at"

    def get_queryset(self) -> QuerySet[Decision]:
        return _found(self, self.kwargs["public_id"]).decisions.all()

    @extend_schema(
        operation_id="runs_decisions",
        summary="List the decisions of a run",
        description="Newest first; with `order=asc` and the last cursor a program can follow a run.",
        examples=[examples.DECISION],
    )
    def get(self, request: Request, public_id: str) -> Response:
        return self.list(request)


class RunSquareOff(WorkspaceAPIView):
    """Everything a run holds closed, now."""

    rights: ClassVar[dict[str, str]] = {"POST": "stop"}

    @extend_schema(
        operation_id="runs_square_off",
        summary="Square off a run",
        description="Asks the run to close all it holds and answers at once; 409 when it has ended.",
        request=None,
        responses={202: RunSerializer},
        examples=[examples.RUN_ASKED],
    )
    @idempotent(required=True)
    def post(self, request: Request, public_id: str) -> Response:
        run = _found(self, public_id)
        run_square_off(run=run, by=self.actor)
        where = reverse("api-run", args=[run.public_id])
        return Response(RunSerializer(run).data, status=202, headers={"Location": where})


def _found(view: WorkspaceAPIView, public_id: str) -> Run:
    return get_visible(cast("ScopedQuerySet[Run]", selectors.runs_of(view.actor)), view.actor, public_id)

"""`/api/v1/deployments`: strategies at work, and what their owner does with them."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from baskets.models import Basket
from brokers.models import BrokerAccount
from execution import selectors
from execution.api import examples
from execution.api.filters import DeploymentFilter
from execution.api.inputs import DeployInput
from execution.api.serializers import DeploymentSerializer, RunSerializer
from execution.api.workspace import workspace_of
from execution.models import Deployment
from execution.services import deployments as services
from execution.services.entry_gate import kill_refuse
from execution.services.replays import paper_deploy
from qlplatform.core.actors import get_visible
from qlplatform.core.api.etag import tagged
from qlplatform.core.api.idempotency import idempotent
from qlplatform.core.api.pagination import CursorList
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.tenancy import ScopedQuerySet
from strategies.models import Strategy


class DeploymentList(WorkspaceAPIView, ListAPIView):  # type: ignore[type-arg]
    """The workspace's deployments, newest first."""

    queryset = Deployment.objects.none()
    serializer_class = DeploymentSerializer
    pagination_class = CursorList
    filterset_class = DeploymentFilter

    def get_queryset(self) -> QuerySet[Deployment]:
        return selectors.deployments_of(self.actor)

    @extend_schema(
        operation_id="deployments_list",
        summary="List deployments",
        examples=[examples.DEPLOYMENT],
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(DeploymentSerializer(selectors.cards_of(page), many=True).data)

    @extend_schema(
        operation_id="deployments_create",
        summary="Deploy a strategy",
        description="Without `account` it goes to work on paper at once, in the workspace's replay.",
        request=DeployInput,
        responses={201: DeploymentSerializer},
        examples=[examples.DEPLOY, examples.DEPLOYMENT],
    )
    @idempotent(required=True)
    def post(self, request: Request) -> Response:
        wanted = DeployInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        deployment = self._deploy(wanted.validated_data)
        where = reverse("api-deployment", args=[deployment.public_id])
        return Response(_shown(self, deployment.public_id), status=201, headers={"Location": where})

    def _deploy(self, wanted: dict[str, Any]) -> Deployment:
        strategy = get_visible(Strategy.objects.select_related("latest"), self.actor, wanted["strategy"])
        basket = (
            get_visible(Basket.objects.all(), self.actor, wanted["basket"]) if "basket" in wanted else None
        )
        if "account" not in wanted:
            return paper_deploy(
                workspace=workspace_of(self.actor),
                strategy=strategy,
                by=self.actor,
                multiplier=wanted["multiplier"],
                basket=basket,
            )
        account = get_visible(BrokerAccount.objects.select_related("market"), self.actor, wanted["account"])
        kill_refuse(account.workspace_id)
        return services.deployment_create(
            strategy=strategy, account=account, by=self.actor, multiplier=wanted["multiplier"], basket=basket
        )


class DeploymentDetail(WorkspaceAPIView):
    """One deployment."""

    @extend_schema(
        operation_id="deployments_get",
        summary="Get a deployment",
        responses=DeploymentSerializer,
        examples=[examples.DEPLOYMENT],
    )
    def get(self, request: Request, public_id: str) -> Response:
        return tagged(request, _shown(self, public_id))


class DeploymentPause(WorkspaceAPIView):
    """No new entries."""

    rights: ClassVar[dict[str, str]] = {"POST": "stop"}

    @extend_schema(
        operation_id="deployments_pause",
        summary="Pause a deployment",
        description="No new entries from now on; what is open stays managed. Pausing twice is harmless.",
        request=None,
        responses=DeploymentSerializer,
        examples=[examples.DEPLOYMENT],
    )
    @idempotent()
    def post(self, request: Request, public_id: str) -> Response:
        services.deployment_pause(deployment=_found(self, public_id), by=self.actor)
        return Response(_shown(self, public_id))


class DeploymentResume(WorkspaceAPIView):
    """Entries again."""

    @extend_schema(
        operation_id="deployments_resume",
        summary="Resume a deployment",
        description="Allows entries again; refused while the kill switch is on.",
        request=None,
        responses=DeploymentSerializer,
        examples=[examples.DEPLOYMENT],
    )
    @idempotent()
    def post(self, request: Request, public_id: str) -> Response:
        services.deployment_resume(deployment=_found(self, public_id), by=self.actor)
        return Response(_shown(self, public_id))


class DeploymentArchive(WorkspaceAPIView):
    """Taken off for good."""

    @extend_schema(
        operation_id="deployments_archive",
        summary="Archive a deployment",
        description="Takes it off for good. Answers 409 while a run of it is open.",
        request=None,
        responses=DeploymentSerializer,
        examples=[examples.DEPLOYMENT],
    )
    @idempotent()
    def post(self, request: Request, public_id: str) -> Response:
        services.deployment_archive(deployment=_found(self, public_id), by=self.actor)
        return Response(_shown(self, public_id))


class DeploymentSquareOff(WorkspaceAPIView):
    """Everything closed, now."""

    rights: ClassVar[dict[str, str]] = {"POST": "stop"}

    @extend_schema(
        operation_id="deployments_square_off",
        summary="Square off a deployment",
        description="Asks the open run to close all it holds and answers at once; watch the run for the end.",
        request=None,
        responses={202: RunSerializer},
        examples=[examples.RUN_ASKED],
    )
    @idempotent(required=True)
    def post(self, request: Request, public_id: str) -> Response:
        run = services.deployment_square_off(deployment=_found(self, public_id), by=self.actor)
        where = reverse("api-run", args=[run.public_id])
        shown = RunSerializer(selectors.runs_of(self.actor).get(pk=run.pk)).data
        return Response(shown, status=202, headers={"Location": where})


def _found(view: WorkspaceAPIView, public_id: str) -> Deployment:
    rows = cast("ScopedQuerySet[Deployment]", selectors.deployments_of(view.actor))
    return get_visible(rows, view.actor, public_id)


def _shown(view: WorkspaceAPIView, public_id: str) -> dict[str, Any]:
    return dict(DeploymentSerializer(selectors.card(_found(view, public_id))).data)

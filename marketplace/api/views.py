"""`/api/v1/templates`."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from execution.api import examples
from execution.api.serializers import DeploymentSerializer
from execution.selectors import card
from marketplace import selectors
from marketplace.api.serializers import TemplateSerializer
from marketplace.library import STRADDLE
from marketplace.services import listing_use
from qlplatform.core.api.etag import tagged
from qlplatform.core.api.idempotency import idempotent
from qlplatform.core.api.views import WorkspaceAPIView

TEMPLATE: dict[str, Any] = {
    "id": "tpl_01KB3T9Q6M2E8Y5V0R7N4D1C3Z",
    "slug": STRADDLE.slug,
    "title": STRADDLE.title,
    "summary": STRADDLE.summary,
    "description": STRADDLE.description,
    "works_when": STRADDLE.works_when,
    "hurts_when": STRADDLE.hurts_when,
    "category": STRADDLE.category,
    "underlying": "NIFTY",
    "risk": "high",
    "suggested_capital": "250000.00",
    "version": 1,
    "spec": STRADDLE.spec,
    "published_at": "2026-11-20T03:40:00Z",
}
ANSWER = OpenApiExample("A template", value=TEMPLATE, response_only=True)


class TemplateList(WorkspaceAPIView):
    """What everybody may use."""

    created_field = "published_at"

    @extend_schema(
        operation_id="templates_list",
        summary="List templates",
        responses=TemplateSerializer(many=True),
        examples=[ANSWER],
    )
    def get(self, request: Request) -> Response:
        return self.page_of(selectors.listings_published(), TemplateSerializer)


class TemplateDetail(WorkspaceAPIView):
    """One template."""

    @extend_schema(
        operation_id="templates_get",
        summary="Get a template",
        responses=TemplateSerializer,
        examples=[ANSWER],
    )
    def get(self, request: Request, slug: str) -> Response:
        return tagged(request, TemplateSerializer(selectors.listing_published(slug)).data)


class TemplateUse(WorkspaceAPIView):
    """Put a template to work."""

    @extend_schema(
        operation_id="templates_use",
        summary="Use a template: copy it and start it on paper",
        request=None,
        responses={201: DeploymentSerializer},
        examples=[examples.DEPLOYMENT],
    )
    @idempotent(required=True)
    def post(self, request: Request, slug: str) -> Response:
        deployment = listing_use(listing=selectors.listing_published(slug), actor=self.actor)
        where = reverse("api-deployment", args=[deployment.public_id])
        answer = DeploymentSerializer(card(deployment)).data
        return Response(answer, status=201, headers={"Location": where})

"""The base of every view of the API: who asks, in which workspace, and with which right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from qlplatform.core.actors import actor_of
from qlplatform.core.api.auth import ApiKeyAuthentication
from qlplatform.core.api.pagination import CursorList
from qlplatform.core.api.parsers import FlatJSONParser
from qlplatform.core.api.problem import ProblemRenderer, exception_handler
from qlplatform.core.api.schema import WorkspaceSchema
from qlplatform.core.rls import scope_to
from qlplatform.core.tenancy import Actor


class WorkspaceAPIView(APIView):
    """Signed-in access to one workspace. `rights`: what each method needs (default: read, else trade)."""

    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    permission_classes = ()
    parser_classes: tuple[type[BaseParser], ...] = (FlatJSONParser,)
    renderer_classes = (JSONRenderer, ProblemRenderer)
    pagination_class = CursorList
    schema = WorkspaceSchema()
    rights: ClassVar[dict[str, str]] = {}

    @property
    def actor(self) -> Actor:
        """Who asks; services and `visible_to` take it."""
        return actor_of(self.request._request)

    def page_of(self, queryset: QuerySet[Any], serializer: type[BaseSerializer[Any]]) -> Response:
        """A list answer: one page of the queryset, newest first."""
        pages = self.pagination_class()
        rows = pages.paginate_queryset(queryset, self.request, self)
        return pages.get_paginated_response(
            serializer(rows, many=True, context={"request": self.request}).data
        )

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        return exception_handler

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Times of the API are UTC with a Z, whatever the zone of the pages."""
        with timezone.override(UTC):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if isinstance(request.user, AnonymousUser):
            raise NotAuthenticated("Sign in, or send an API key: “Authorization: Bearer ql_test_…”.")
        request._request.user = request.user
        scope_to(self.actor.workspace_id)
        method = request.method or "GET"
        self.actor.require(
            self.rights.get(method, "read" if method in {"GET", "HEAD", "OPTIONS"} else "trade")
        )

"""What every web request carries: an id, and a database transaction that sees one workspace."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from qlplatform.core.actors import actor_of
from qlplatform.core.rls import scope_of, scope_to

Respond = Callable[[HttpRequest], HttpResponse]

_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_WITHOUT_DATABASE = ("/healthz", "/readyz", "/metrics", "/static/")


class RequestId:
    """Takes a well-formed `X-Request-Id` or makes one: for logs, audit entries, errors and the answer."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")  # not request.headers: it would keep the old value
        request_id = given if _GOOD_ID.fullmatch(given) else uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        request.META["HTTP_X_REQUEST_ID"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class AdminPolicy:
    """The wider content security policy the admin's theme needs, kept to /admin/; pages stay strict."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_replace = settings.QL_ADMIN_CSP  # type: ignore[attr-defined]
        return response


class WorkspaceScope:
    """One transaction per request, and inside it the workspace that row-level security lets through.

    The transaction is around the whole answer, templates that render late included, and the setting is local
    to it, so it is right behind any pool. Each use case is a savepoint in it: an error later in the request
    (even a 500) undoes nothing a use case has finished. An API key is known only in the view, which scopes
    again (`WorkspaceAPIView`).
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(_WITHOUT_DATABASE):
            return self.get_response(request)
        with transaction.atomic():
            scope = scope_of(request, actor_of(request))
            if scope is not None:
                scope_to(scope)
            return self.get_response(request)

"""Health for machines, the one-time sign-in link, and what answers when nothing else does."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import login
from django.db import Error as DatabaseError
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_prometheus.exports import ExportToDjangoView
from redis.exceptions import RedisError

from qlplatform.core.api.problem import ProblemRenderer, problem
from qlplatform.core.heartbeat import alive
from qlplatform.core.problems import meaning_of
from qlplatform.core.redis import client
from qlplatform.core.services import signin_link_use, signin_link_user


@require_GET
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked: a database away must not restart the web."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if database, Redis and every role named in `?roles=a,b` are alive; else 503 saying which is not."""
    database, redis = _state(_ask_database), _state(lambda: client().ping())
    roles = alive() if redis == "ok" else {}
    wanted = [role for role in request.GET.get("roles", "").split(",") if role]
    missing = [role for role in wanted if role not in roles]
    ready = database == redis == "ok" and not missing
    body = {"ready": ready, "database": database, "redis": redis, "roles": roles, "missing": missing}
    return JsonResponse(body, status=200 if ready else 503)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _state(ask: Callable[[], object]) -> str:
    try:
        ask()
    except (DatabaseError, RedisError, OSError):
        return "down"
    return "ok"


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for this machine's scraper or signed-in staff; for others the page does not exist."""
    if not (_from_this_machine(request) or getattr(request.user, "is_staff", False)):
        raise Http404
    response: HttpResponse = ExportToDjangoView(request)
    return response


def _from_this_machine(request: HttpRequest) -> bool:
    """Straight from a loopback address; forwarded requests do not count, their address is the proxy's."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@require_http_methods(["GET", "POST"])
@never_cache
def signin_link(request: HttpRequest, token: str) -> HttpResponse:
    """Shows whom the link signs in; only the button (POST) uses it up, so link previews do no harm."""
    user = signin_link_use(token=token) if request.method == "POST" else signin_link_user(token=token)
    if user is not None and request.method == "POST":
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"usable": user is not None, "email": user.email if user else ""}
    response = render(request, "web/signin_link.html", context, status=200 if user else 404)
    # Keeps the token out of the Referer of other requests. With "no-referrer" a browser would send the form
    # with `Origin: null`, which the CSRF check refuses.
    response["Referrer-Policy"] = "strict-origin"
    return response


@require_GET
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """What an error code of the API means."""
    return render(request, "core/problem.html", {"code": code, "meaning": meaning_of(code)})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: a problem document under /api/, a page elsewhere."""
    if request.path.startswith("/api/"):
        return _problem(request, 404, "There is no such address in the API; /api/docs/ lists them.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the request id finds the log lines."""
    if request.path.startswith("/api/"):
        return _problem(
            request, 500, "The platform failed at this request; the log has it under the request id."
        )
    page = render_to_string("500.html", {"request_id": getattr(request, "request_id", "")})
    return HttpResponseServerError(page)


def _problem(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    body = ProblemRenderer().render(problem(request, status, detail).data)
    return HttpResponse(body, status=status, content_type=ProblemRenderer.media_type)

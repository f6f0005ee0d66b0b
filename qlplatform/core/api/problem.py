"""Errors as RFC 9457 problem documents (`application/problem+json`), one shape for all of the API."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from qlplatform.core.errors import QlError

RETRYABLE = frozenset({409, 412, 423, 429, 502, 503, 504})
_CODES = {401: "not_signed_in", 403: "not_entitled", 404: "not_found", 422: "invalid", 429: "rate_limited"}
_NOT_FOUND = "There is nothing at this address in your workspace."


class ProblemRenderer(JSONRenderer):
    """Listed beside the JSON renderer so that error answers carry their own media type."""

    media_type = "application/problem+json"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: a problem document for every error raised on purpose; None (a logged 500) for the rest."""
    request: HttpRequest = context["request"]._request
    if isinstance(error, QlError):
        answer = problem(
            request,
            error.status,
            error.message,
            error.code,
            error.context.get("errors"),
            error.context.get("broker"),
        )
    elif isinstance(error, Http404 | PermissionDenied | exceptions.APIException):
        answer = _of_framework(request, error)
    else:
        return None
    return _with_headers(answer, error)


def problem(  # noqa: PLR0913
    request: HttpRequest,
    status: int,
    detail: str,
    code: str = "",
    errors: list[dict[str, str]] | None = None,
    broker: dict[str, str] | None = None,
) -> Response:
    """A problem document; `errors` are `{pointer, code, message}` of fields, `broker` who said what."""
    code = code or _CODES.get(status, f"http_{status}")
    body: dict[str, Any] = {
        "type": f"/problems/{code}/",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
        "request_id": getattr(request, "request_id", ""),
        "retryable": status in RETRYABLE,
        "errors": errors or [],
    }
    if broker:
        body["broker"] = broker
    return Response(body, status=status, content_type=ProblemRenderer.media_type)


def _of_framework(request: HttpRequest, error: Exception) -> Response:
    if isinstance(error, Http404 | exceptions.NotFound):
        return problem(request, 404, _NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return problem(request, 403, "Your role does not allow this.")
    assert isinstance(error, exceptions.APIException)  # noqa: S101  narrows the type, the caller has checked
    if isinstance(error, exceptions.ValidationError):
        found = list(_field_errors(error.get_full_details()))
        detail = "; ".join(e["message"] for e in found[:3]) or "The request is not valid."
        return problem(request, 422, detail, errors=found)
    code = "malformed" if isinstance(error, exceptions.ParseError) else ""
    return problem(request, error.status_code, str(error.detail), code)


def _field_errors(details: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Flatten DRF's nested details to JSON pointers (RFC 6901)."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"pointer": pointer or "/", "code": str(details["code"]), "message": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _field_errors(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    else:
        for index, inner in enumerate(details):
            leaf = isinstance(inner, dict) and set(inner) == {"message", "code"}
            yield from _field_errors(inner, pointer if leaf else f"{pointer}/{index}")


def _with_headers(answer: Response, error: Exception) -> Response:
    challenge = getattr(error, "auth_header", None)
    if challenge:
        answer["WWW-Authenticate"] = challenge
    wait = getattr(error, "wait", None) or (getattr(error, "context", None) or {}).get("retry_after")
    if wait:
        answer["Retry-After"] = str(int(wait))
    return answer

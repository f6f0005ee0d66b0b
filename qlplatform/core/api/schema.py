"""What drf-spectacular cannot see by itself: the key scheme, protocol headers, and the shape of errors."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from qlplatform.core.api.problem import ProblemRenderer

_TEXT = {"type": "string"}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": [
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "request_id",
        "retryable",
        "errors",
    ],
    "properties": {
        "type": {**_TEXT, "description": "Address of the page that explains the code."},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {**_TEXT, "description": "Plain words: what is wrong and what to change."},
        "instance": _TEXT,
        "code": {**_TEXT, "description": "Stable; programs go by it."},
        "request_id": _TEXT,
        "retryable": {"type": "boolean"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {"pointer": _TEXT, "code": _TEXT, "message": _TEXT},
            },
        },
        "broker": {"type": "object", "properties": {"name": _TEXT, "code": _TEXT, "message": _TEXT}},
    },
}
ERRORS = {
    "400": "The request cannot be read.",
    "401": "Not signed in.",
    "403": "The role does not allow it.",
    "404": "It does not exist in this workspace.",
}
WRITE_ERRORS = {
    "409": "Somebody was first, or the same request is still being worked on.",
    "422": "A rule is broken; the answer says which.",
    "423": "The kill switch is on.",
}
MATCH_ERRORS = {"412": "It has changed since it was read.", "428": "`If-Match` is missing."}


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer ql_test_…`."""

    target_class = "qlplatform.core.api.auth.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key of the account page."}


class WorkspaceSchema(AutoSchema):
    """`DEFAULT_SCHEMA_CLASS`: documents the headers that our decorators read."""

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = list(super().get_override_parameters())
        need = getattr(getattr(self.view, self.method.lower(), None), "idempotency", "")
        if need:
            parameters.append(
                _header("Idempotency-Key", need == "required", "A UUID; a repeat takes effect once.")
            )
        if getattr(self.view, "etag", False) and self.method in {"PATCH", "PUT", "DELETE"}:
            parameters.append(_header("If-Match", True, "The ETag that was read."))
        return parameters

    def map_renderers(self, attribute: str) -> list[str]:
        """Success never answers with the problem type; `with_problems` adds it to the errors."""
        return [name for name in super().map_renderers(attribute) if name != ProblemRenderer.media_type]


def _header(name: str, required: bool, text: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, description=text)


def with_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: every operation answers errors with the `Problem` document."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    content = {ProblemRenderer.media_type: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for status, text in _errors_of(method, operation).items():
                operation["responses"].setdefault(status, {"description": text, "content": content})
    return result


def _errors_of(method: str, operation: dict[str, Any]) -> dict[str, str]:
    errors = dict(ERRORS)
    if method != "get":
        errors |= WRITE_ERRORS
    if any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", [])):
        errors |= MATCH_ERRORS
    return errors

"""Lists of the API: `{data, next_cursor, has_more}`, newest first, never page numbers."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from qlplatform.core.errors import Malformed

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class CursorList(BasePagination):
    """`?limit=&cursor=&order=asc|desc&created_after=`: a cursor names the last row seen."""

    created_field = "created_at"

    def paginate_queryset(  # type: ignore[override]  # only querysets have a cursor
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        limit, ascending = _limit(request), _ascending(request)
        created_field = getattr(view, "created_field", self.created_field)
        after = request.query_params.get("created_after")
        if after:
            queryset = queryset.filter(**{f"{created_field}__gt": _instant(after)})
        cursor = request.query_params.get("cursor")
        if cursor:
            queryset = queryset.filter(**{"pk__gt" if ascending else "pk__lt": _decode(cursor)})
        rows = list(queryset.order_by("pk" if ascending else "-pk")[: limit + 1])
        self.has_more = len(rows) > limit
        self.rows = rows[:limit]
        return self.rows

    def get_paginated_response(self, data: Any) -> Response:
        next_cursor = _encode(self.rows[-1].pk) if self.has_more else None
        return Response({"data": data, "next_cursor": next_cursor, "has_more": self.has_more})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["data", "next_cursor", "has_more"],
            "properties": {
                "data": schema,
                "next_cursor": {"type": ["string", "null"], "example": "NDE"},
                "has_more": {"type": "boolean", "example": True},
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter(
                "limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
            ),
            _parameter("cursor", {"type": "string"}),
            _parameter("order", {"type": "string", "enum": ["asc", "desc"], "default": "desc"}),
            _parameter("created_after", {"type": "string", "format": "date-time"}),
        ]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_LIMIT:
        raise Malformed(f"“limit” is a number from 1 to {MAX_LIMIT}.", code="bad_limit")
    return int(text)


def _ascending(request: Request) -> bool:
    order = request.query_params.get("order", "desc")
    if order not in {"asc", "desc"}:
        raise Malformed("“order” is “asc” or “desc”.", code="bad_order")
    return order == "asc"


def _instant(text: str) -> datetime:
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Malformed("“created_after” is a time like 2026-11-20T08:12:07Z.", code="bad_time")
    return at


def _encode(pk: int) -> str:
    return base64.urlsafe_b64encode(str(pk).encode()).decode().rstrip("=")


def _decode(cursor: str) -> int:
    try:
        pk = int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        pk = -1
    if not 0 <= pk < 2**63:
        raise Malformed(
            "This cursor is not one of ours; take “next_cursor” of the page before.", code="bad_cursor"
        )
    return pk

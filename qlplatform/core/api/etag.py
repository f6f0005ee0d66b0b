"""Strong ETags of single resources: `If-None-Match` saves sending, `If-Match` stops lost updates."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from qlplatform.core.api.errors import PreconditionFailed, PreconditionRequired


def etag_of(data: Any) -> str:
    """The ETag of a resource's representation: changes exactly when a reader would see a difference."""
    text = orjson.dumps(data, default=JSONEncoder().default, option=orjson.OPT_SORT_KEYS)
    return f'"{hashlib.sha256(text).hexdigest()[:32]}"'


def tagged(request: Request | HttpRequest, data: Any, status: int = 200) -> Response:
    """The resource with its ETag, or 304 without a body when the reader has it already."""
    etag = etag_of(data)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if request.method in {"GET", "HEAD"} and (etag in known or known == ["*"]):
        return Response(status=304, headers={"ETag": etag})
    return Response(data, status=status, headers={"ETag": etag})


def require_match(request: Request | HttpRequest, data: Any) -> None:
    """Raise unless `If-Match` names the current `data`: 428 when absent, 412 when somebody was first."""
    wanted = parse_etags(request.headers.get("If-Match", ""))
    if not wanted:
        raise PreconditionRequired(
            "Send “If-Match” with the ETag you read, so that nobody's change gets lost."
        )
    if wanted != ["*"] and etag_of(data) not in wanted:
        raise PreconditionFailed("This has changed since you read it; read it again and repeat your change.")

"""`Idempotency-Key`: the same request sent twice takes effect once (ux conventions of the API).

The answer is stored in the transaction of the effect itself: after a crash either both exist or neither, so
a key is never stuck "in flight". While the first request works, an advisory lock of its transaction makes a
second one answer 409. Only answers of success are stored: a refused request has changed nothing and may be
sent again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

import orjson
from django.db import connection, transaction
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from qlplatform.core.api.errors import KeyInFlight, KeyMissing, KeyReused
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.clock import wall
from qlplatform.core.errors import Malformed
from qlplatform.core.models import IdempotencyRecord
from qlplatform.core.retention import ANSWERS_KEPT

Handler = Callable[..., Response]


MAX_KEY = 255


def idempotent(*, required: bool = False) -> Callable[[Handler], Handler]:
    """Decorate `post`: honour `Idempotency-Key`, demand it when `required` (places, starts, squares off)."""

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def post(view: WorkspaceAPIView, request: Request, *args: Any, **kwargs: Any) -> Response:
            key = _key_of(request, required)
            if not key:
                return handler(view, request, *args, **kwargs)
            digest = hashlib.sha256(request._request.body).hexdigest()
            return _once(view, request, key, digest, lambda: handler(view, request, *args, **kwargs))

        post.idempotency = "required" if required else "optional"  # type: ignore[attr-defined]
        return post

    return decorate


def _key_of(request: Request, required: bool) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if required and not key:
        raise KeyMissing("Send an “Idempotency-Key” header, best a UUID, so that a repeat takes effect once.")
    if len(key) > MAX_KEY:
        raise Malformed(f"The Idempotency-Key is longer than {MAX_KEY} characters.")
    return key


def _once(
    view: WorkspaceAPIView, request: Request, key: str, digest: str, work: Callable[[], Response]
) -> Response:
    workspace_id = view.actor.workspace_id or 0  # 0: none, and nobody without one gets this far
    with transaction.atomic():
        if not _lock(f"{workspace_id}:{key}"):
            raise KeyInFlight("A request with this Idempotency-Key is still being worked on.", retry_after=1)
        record = IdempotencyRecord.objects.filter(workspace_id=workspace_id, key=key).first()
        if record and record.created_at > wall() - ANSWERS_KEPT:
            return _replayed(record, request, digest)
        if record:
            record.delete()
        response = work()
        if response.status_code < HTTPStatus.BAD_REQUEST:
            _store(workspace_id, key, request, digest, response)
        return response


def _lock(name: str) -> bool:
    """Try the advisory lock for this key; it goes with the transaction, also when the process dies."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row: tuple[bool] = cursor.fetchone()
    return row[0]


def _replayed(record: IdempotencyRecord, request: Request, digest: str) -> Response:
    if (record.method, record.path, record.body_hash) != (request.method, request.path, digest):
        raise KeyReused(
            "This Idempotency-Key was used for another request; take a new key for a new request."
        )
    return Response(record.response, status=record.status, headers={"Idempotent-Replayed": "true"})


def _store(workspace_id: int, key: str, request: Request, digest: str, response: Response) -> None:
    IdempotencyRecord.objects.create(
        workspace_id=workspace_id,
        key=key,
        method=str(request.method),
        path=request.path,
        body_hash=digest,
        status=response.status_code,
        response=orjson.loads(orjson.dumps(response.data, default=JSONEncoder().default)),
        created_at=wall(),
    )

"""A client of the API for tests: JSON in, JSON out, signed in by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from django.test import Client

from qlplatform.core.models import Membership, Workspace
from qlplatform.core.services import api_key_create
from qlplatform.core.tenancy import Actor, Role
from tests.factories import ledger


@dataclass(frozen=True)
class ApiClient:
    """`api.get("strategies")`; paths are below /api/v1/, headers are given as keyword `headers`."""

    token: str

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        sent = {"Authorization": f"Bearer {self.token}"} | (headers or {})
        return Client().generic(method, f"/api/v1/{path}", raw, content_type="application/json", headers=sent)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, headers)

    def patch(self, path: str, body: Any, etag: str = "") -> Any:
        return self.send("PATCH", path, body, {"If-Match": etag} if etag else {})


def client_of(workspace: Workspace, role: str = Role.OWNER) -> ApiClient:
    """A new member of the workspace with a key of his own."""
    user = ledger.member(workspace, role)
    by = Actor(user.email, workspace_id=workspace.pk, role=Role.OWNER, user_id=user.pk, via="web")
    assert Membership.objects.filter(user=user, workspace=workspace).exists()
    return ApiClient(api_key_create(actor=by, name="test")[1])

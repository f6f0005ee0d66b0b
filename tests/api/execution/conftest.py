from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from execution.services.replays import workspace_prepare
from qlplatform.core.models import User, Workspace
from qlplatform.core.services import workspace_create
from qlplatform.core.tenancy import Role
from tests.factories.trading import Floor


class Api:
    """Somebody signed in, talking JSON; `key`: the Idempotency-Key, a new one unless given, none for ""."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", params)

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        chosen = uuid4().hex if key is None else key
        headers = {"Idempotency-Key": chosen} if chosen else {}
        return self.client.post(
            f"/api/v1/{path}",
            body if body is not None else {},
            content_type="application/json",
            headers=headers,
        )

    def delete(self, path: str) -> HttpResponse:
        return self.client.delete(f"/api/v1/{path}")


@pytest.fixture
def floor(db: None) -> Floor:
    """A floor whose workspace has the paper account it is born with."""
    floor = Floor()
    workspace_prepare(floor.workspace)
    floor.market.source = "nifty_2022-06"
    floor.market.save()
    return floor


@pytest.fixture
def api(floor: Floor) -> Api:
    """The owner of the floor's workspace."""
    return Api(floor.member())


@pytest.fixture
def viewer(floor: Floor) -> Api:
    return Api(floor.member(Role.VIEWER))


@pytest.fixture
def stranger(floor: Floor) -> Api:
    """The owner of another workspace."""
    user = User.objects.create_user("stranger@example.test")
    workspace: Workspace = workspace_create(name="Elsewhere", owner=user)
    assert workspace.pk != floor.workspace.pk
    return Api(user)

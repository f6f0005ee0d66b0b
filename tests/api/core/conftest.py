"""People and workspaces of the core tests, and a Redis of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from qlplatform.core.models import User, Workspace
from qlplatform.core.redis import client, key
from qlplatform.core.services import api_key_create, workspace_create
from qlplatform.core.tenancy import Actor, Role


@pytest.fixture(autouse=True)
def no_hooks(settings: Settings) -> None:
    """Core alone: what apps above add to a workspace is their tests' business."""
    settings.QL_WORKSPACE_HOOKS = []


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user("asha@example.com", "correct horse battery", first_name="Asha")


@pytest.fixture
def stranger(db: None) -> User:
    return User.objects.create_user("ravi@example.com", "correct horse battery")


@pytest.fixture
def workspace(owner: User) -> Workspace:
    return workspace_create(name="Asha's desk", owner=owner)


@pytest.fixture
def other_workspace(stranger: User) -> Workspace:
    return workspace_create(name="Ravi's desk", owner=stranger)


@pytest.fixture
def actor(owner: User, workspace: Workspace) -> Actor:
    return Actor(owner.email, workspace_id=workspace.pk, role=Role.OWNER, user_id=owner.pk, via="web")


@pytest.fixture
def redis_keys() -> Iterator[None]:
    """Leaves no key of this run behind."""
    yield
    found = list(client().scan_iter(match=f"{key('')}*"))
    if found:
        client().delete(*found)


@pytest.fixture
def api(actor: Actor) -> Client:
    """A client that sends the key of Asha, who owns her workspace."""
    _, plain = api_key_create(actor=actor, name="first")
    return Client(headers={"Authorization": f"Bearer {plain}"})


@pytest.fixture
def stranger_api(stranger: User, other_workspace: Workspace) -> Client:
    theirs = Actor(stranger.email, workspace_id=other_workspace.pk, role=Role.OWNER, user_id=stranger.pk)
    _, plain = api_key_create(actor=theirs, name="theirs")
    return Client(headers={"Authorization": f"Bearer {plain}"})

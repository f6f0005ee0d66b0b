"""What a person may not see does not exist."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from qlplatform.core.actors import SESSION_WORKSPACE, actor_of, get_visible
from qlplatform.core.errors import NotFound
from qlplatform.core.models import ApiKey, Membership, User, Workspace
from qlplatform.core.services import api_key_create
from qlplatform.core.tenancy import Actor

pytestmark = pytest.mark.django_db


def request_of(user: User | AnonymousUser, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user, request.session = user, SessionStore()
    return request


def test_own_objects_are_found(actor: Actor) -> None:
    api_key, _ = api_key_create(actor=actor, name="mine")
    assert get_visible(ApiKey.objects, actor, api_key.public_id) == api_key


def test_others_objects_are_not_found(actor: Actor, stranger: User, other_workspace: Workspace) -> None:
    theirs = Actor("r", workspace_id=other_workspace.pk, role="owner", user_id=stranger.pk)
    api_key, _ = api_key_create(actor=theirs, name="theirs")
    with pytest.raises(NotFound):
        get_visible(ApiKey.objects, actor, api_key.public_id)
    assert list(ApiKey.objects.visible_to(actor)) == []


def test_the_platform_sees_every_workspace(actor: Actor) -> None:
    api_key, _ = api_key_create(actor=actor, name="mine")
    assert list(ApiKey.objects.visible_to(Actor.system("relay"))) == [api_key]


def test_the_actor_of_a_session(owner: User, workspace: Workspace) -> None:
    actor = actor_of(request_of(owner))
    assert (actor.label, actor.workspace_id, actor.role, actor.via) == (
        owner.email,
        workspace.pk,
        "owner",
        "web",
    )


def test_the_chosen_workspace_counts(owner: User, workspace: Workspace, other_workspace: Workspace) -> None:
    Membership.objects.create(workspace=other_workspace, user=owner, role="viewer")
    request = request_of(owner)
    request.session[SESSION_WORKSPACE] = other_workspace.pk
    assert actor_of(request).workspace_id == other_workspace.pk
    assert actor_of(request).role == "viewer"


def test_a_workspace_one_left_cannot_be_chosen(
    owner: User, workspace: Workspace, other_workspace: Workspace
) -> None:
    request = request_of(owner)
    request.session[SESSION_WORKSPACE] = other_workspace.pk
    assert actor_of(request).workspace_id == workspace.pk


def test_nobody_sees_nothing(workspace: Workspace, actor: Actor) -> None:
    api_key_create(actor=actor, name="mine")
    nobody = actor_of(request_of(AnonymousUser()))
    assert not nobody.can("read")
    assert not ApiKey.objects.visible_to(nobody).exists()

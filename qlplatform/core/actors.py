"""Who is asking: the actor of a web or API request, and the look-up of the one object he asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.http import HttpRequest

from qlplatform.core.errors import NotEntitled, NotFound
from qlplatform.core.models import ApiKey, Membership, User, Workspace
from qlplatform.core.tenancy import Actor, ScopedQuerySet

M = TypeVar("M", bound=models.Model)

SESSION_WORKSPACE = "workspace"


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a signed-in request; nobody in particular (sees nothing) when it is anonymous.

    An API key acts in its own workspace; a person in the one chosen in the session, else his first.
    The answer is kept on the request.
    """
    known: Actor | None = getattr(request, "_ql_actor", None)
    user: User | AnonymousUser | None = getattr(request, "user", None)
    if known is not None and known.user_id == getattr(user, "pk", None):
        return known
    request._ql_actor = actor = _actor(request, user)  # type: ignore[attr-defined]
    return actor


def actor_for_key(request: HttpRequest, api_key: ApiKey) -> Actor:
    """The actor behind an API key, with the role its owner has today in the key's workspace."""
    membership = Membership.objects.filter(workspace_id=api_key.workspace_id, user_id=api_key.user_id).first()
    request._ql_actor = actor = Actor(  # type: ignore[attr-defined]
        label=f"{api_key.user.email} · key {api_key.name}",
        workspace_id=api_key.workspace_id if membership else None,
        role=membership.role if membership else "",
        user_id=api_key.user_id,
        via="api",
        ip=request.META.get("REMOTE_ADDR", ""),
        request_id=getattr(request, "request_id", ""),
    )
    return actor


def staff_actor(request: HttpRequest) -> Actor:
    """A member of staff acting in the admin, for the platform: Django's permissions decide what he may do."""
    return replace(actor_of(request), workspace_id=None, role="staff", via="admin", platform=True)


def _actor(request: HttpRequest, user: User | AnonymousUser | None) -> Actor:
    origin = {"ip": request.META.get("REMOTE_ADDR", ""), "request_id": getattr(request, "request_id", "")}
    if not isinstance(user, User) or not user.is_active:
        return Actor(label="anonymous", via="web", **origin)
    membership = membership_of(
        user, request.session.get(SESSION_WORKSPACE) if hasattr(request, "session") else None
    )
    return Actor(
        label=user.email,
        workspace_id=membership.workspace_id if membership else None,
        role=membership.role if membership else "",
        user_id=user.pk,
        via="admin" if request.path.startswith("/admin/") else "web",
        **origin,
    )


def membership_of(user: User, workspace_id: int | None = None) -> Membership | None:
    """The membership in the chosen workspace, else the oldest one, else none."""
    memberships = list(Membership.objects.filter(user=user).order_by("pk"))
    chosen = [m for m in memberships if m.workspace_id == workspace_id]
    return next(iter(chosen or memberships), None)


def workspace_of(actor: Actor) -> Workspace:
    """The workspace an actor acts in; NotEntitled for somebody who is a member of none."""
    if actor.workspace_id is None:
        raise NotEntitled("You are not a member of a workspace yet.")
    return Workspace.objects.get(pk=actor.workspace_id)


def get_visible(queryset: ScopedQuerySet[M], actor: Actor, public_id: str) -> M:
    """The object with this public id; NotFound unless the actor may see it (others' do not exist)."""
    # PostgreSQL refuses text with NUL, so no id has one
    found: M | None = (
        None if "\0" in public_id else queryset.visible_to(actor).filter(public_id=public_id).first()
    )
    if found is None:
        name = queryset.model._meta.verbose_name
        raise NotFound(f"There is no {name} “{public_id}” in this workspace.")
    return found

"""Use cases of people: workspaces and their members, API keys, the one-time sign-in link."""

from __future__ import annotations

import hashlib
import secrets
import string
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from qlplatform.core import audit
from qlplatform.core.clock import wall
from qlplatform.core.errors import NotFound, UserError
from qlplatform.core.models import ApiKey, Membership, User, Workspace
from qlplatform.core.outbox import publish
from qlplatform.core.redis import client, key
from qlplatform.core.tenancy import Actor, Role

API_KEY_PREFIX = "ql_test_"
API_KEY_CHARS = string.ascii_letters + string.digits
SIGNIN_LINK_S = 15 * 60
NAME_MAX = 60
USE_STAMP = timedelta(minutes=1)


@transaction.atomic
def workspace_create(*, name: str, owner: User) -> Workspace:
    """A new workspace of `owner`; `settings.QL_WORKSPACE_HOOKS` make what apps above need in it."""
    name = name.strip()
    if not name:
        raise UserError("Give the workspace a name.", code="name_missing")
    workspace = Workspace.objects.create(name=name[:80])
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
    by = Actor(label=owner.email, workspace_id=workspace.pk, role=Role.OWNER, user_id=owner.pk)
    audit.record(
        "workspace.created",
        by=by,
        target=workspace,
        workspace_id=workspace.pk,
        text=f"Workspace “{workspace.name}” created.",
        after={"name": name},
    )
    publish("workspace.created", workspace_id=workspace.pk, data={"id": workspace.public_id, "name": name})
    for hook in settings.QL_WORKSPACE_HOOKS:
        import_string(hook)(workspace)
    return workspace


@transaction.atomic
def membership_set(*, workspace: Workspace, user: User, role: str, by: Actor) -> Membership:
    """Give `user` this role in the workspace. The last owner cannot become anything else."""
    by.require("members")
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    before = Membership.objects.filter(workspace=workspace, user=user).first()
    if before and before.role == Role.OWNER and role != Role.OWNER:
        _require_another_owner(workspace, user)
    membership, _ = Membership.objects.update_or_create(
        workspace=workspace, user=user, defaults={"role": role}
    )
    audit.record(
        "membership.set",
        by=by,
        target=membership,
        text=f"{user.email} is {role}",
        before={"role": before.role} if before else None,
        after={"role": role},
    )
    return membership


def _require_another_owner(workspace: Workspace, user: User) -> None:
    others = Membership.objects.filter(workspace=workspace, role=Role.OWNER).exclude(user=user)
    if not others.exists():
        raise UserError("A workspace needs an owner; make somebody else owner first.", code="last_owner")


@transaction.atomic
def api_key_create(*, actor: Actor, name: str) -> tuple[ApiKey, str]:
    """A key that acts as `actor` in his workspace. The plain key is returned once and stored nowhere."""
    actor.require("read")
    name = name.strip()
    if not name or len(name) > NAME_MAX:
        raise UserError(
            "Give the key a name of 1 to 60 characters, so that you know it again.", code="bad_name"
        )
    if actor.user_id is None or actor.workspace_id is None:
        raise UserError("Only a member of a workspace can make an API key.", code="not_a_member")
    plain = API_KEY_PREFIX + "".join(secrets.choice(API_KEY_CHARS) for _ in range(32))
    api_key = ApiKey.objects.create(
        workspace_id=actor.workspace_id,
        user_id=actor.user_id,
        name=name,
        prefix=plain[:12],
        key_hash=_digest(plain),
    )
    audit.record("api_key.created", by=actor, target=api_key, text=f"API key “{name}”")
    return api_key, plain


@transaction.atomic
def api_key_revoke(*, actor: Actor, api_key: ApiKey) -> None:
    """End a key at once: one's own, or any for who manages members. Revoking twice is no error."""
    if api_key.user_id != actor.user_id:
        actor.require("members")
    if ApiKey.objects.filter(pk=api_key.pk, revoked_at=None).update(revoked_at=wall()):
        audit.record("api_key.revoked", by=actor, target=api_key, text=f"API key “{api_key.name}”")


def api_key_check(*, plain: str) -> ApiKey | None:
    """The valid key with this text, or None; remembers its use to the minute."""
    if not plain.startswith(API_KEY_PREFIX):
        return None
    keys = ApiKey.objects.select_related("user").filter(revoked_at=None, user__is_active=True)
    api_key = keys.filter(key_hash=_digest(plain)).first()
    if api_key:
        _remember_use(api_key)
    return api_key


def _remember_use(api_key: ApiKey) -> None:
    """To the minute, and without waiting: a request of the same key that is still at work holds the row."""
    now = wall()
    if api_key.last_used_at is None or api_key.last_used_at < now - USE_STAMP:
        with transaction.atomic():
            free = ApiKey.objects.select_for_update(skip_locked=True).filter(pk=api_key.pk)
            ApiKey.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(last_used_at=now)


def signin_link_create(*, email: str) -> str:
    """The path of a sign-in link for the user with this address: valid 15 minutes, works once."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise NotFound(f"There is no active user “{email}”.")
    token = secrets.token_urlsafe(32)
    client().set(_signin_key(token), user.pk, ex=SIGNIN_LINK_S)
    audit.record(
        "signin_link.created", by=Actor.system("operator"), target=user, text=f"Sign-in link for {user}"
    )
    return f"/signin/{token}/"


def signin_link_user(*, token: str) -> User | None:
    """Whom the link would sign in, without using it up (the landing page shows the name)."""
    return _active_user(client().get(_signin_key(token)))


def signin_link_use(*, token: str) -> User | None:
    """Use the link up and give its user; None if unknown, old or used. Of two racing uses one wins."""
    return _active_user(client().getdel(_signin_key(token)))


def _signin_key(token: str) -> str:
    """Redis holds a digest only: reading it does not let anybody sign in."""
    return key("signin", _digest(token))


def _active_user(pk: object) -> User | None:
    return User.objects.filter(pk=int(pk), is_active=True).first() if isinstance(pk, bytes) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

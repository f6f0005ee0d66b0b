"""Workspaces, members, API keys."""

from __future__ import annotations

import re

import pytest
from pytest_django import Settings

from qlplatform.core.errors import NotEntitled, UserError
from qlplatform.core.models import ApiKey, AuditEntry, Membership, OutboxEvent, User, Workspace
from qlplatform.core.services import (
    api_key_check,
    api_key_create,
    api_key_revoke,
    membership_set,
    workspace_create,
)
from qlplatform.core.tenancy import Actor, Role

pytestmark = pytest.mark.django_db

prepared: list[int] = []


def prepare(workspace: Workspace) -> None:
    prepared.append(workspace.pk)


def refuse(workspace: Workspace) -> None:
    raise UserError("no account today")


def test_a_new_workspace_has_its_owner_audit_and_news(owner: User, workspace: Workspace) -> None:
    assert Membership.objects.get(workspace=workspace).role == Role.OWNER
    entry = AuditEntry.objects.get(action="workspace.created")
    assert (entry.workspace_id, entry.user_id, entry.target_id) == (
        workspace.pk,
        owner.pk,
        workspace.public_id,
    )
    assert OutboxEvent.objects.get(type="workspace.created").data["id"] == workspace.public_id


def test_hooks_prepare_a_new_workspace(owner: User, settings: Settings) -> None:
    settings.QL_WORKSPACE_HOOKS = [f"{__name__}.prepare"]
    workspace = workspace_create(name="Desk", owner=owner)
    assert prepared == [workspace.pk]


def test_a_failing_hook_leaves_nothing(owner: User, settings: Settings) -> None:
    settings.QL_WORKSPACE_HOOKS = [f"{__name__}.refuse"]
    with pytest.raises(UserError, match="no account today"):
        workspace_create(name="Desk", owner=owner)
    assert not Workspace.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_workspace_needs_a_name(owner: User) -> None:
    with pytest.raises(UserError, match="name"):
        workspace_create(name="  ", owner=owner)


def test_members_get_roles(workspace: Workspace, stranger: User, actor: Actor) -> None:
    membership_set(workspace=workspace, user=stranger, role="viewer", by=actor)
    membership_set(workspace=workspace, user=stranger, role="trader", by=actor)
    assert Membership.objects.get(user=stranger).role == "trader"
    entry = AuditEntry.objects.filter(action="membership.set").latest("pk")
    assert (entry.before, entry.after) == ({"role": "viewer"}, {"role": "trader"})


def test_the_last_owner_stays(workspace: Workspace, owner: User, actor: Actor) -> None:
    with pytest.raises(UserError) as refusal:
        membership_set(workspace=workspace, user=owner, role="viewer", by=actor)
    assert refusal.value.code == "last_owner"
    assert Membership.objects.get(user=owner).role == "owner"


def test_only_owners_set_roles(workspace: Workspace, stranger: User) -> None:
    trader = Actor("t", workspace_id=workspace.pk, role="trader")
    with pytest.raises(NotEntitled):
        membership_set(workspace=workspace, user=stranger, role="viewer", by=trader)


def test_a_key_is_shown_once_and_stored_as_hash(actor: Actor) -> None:
    api_key, plain = api_key_create(actor=actor, name="notebook")
    assert re.fullmatch(r"ql_test_[A-Za-z0-9]{32}", plain)
    assert plain.startswith(api_key.prefix)
    assert plain not in str(ApiKey.objects.filter(pk=api_key.pk).values())
    assert api_key_check(plain=plain) == api_key


def test_use_of_a_key_is_remembered(actor: Actor) -> None:
    api_key, plain = api_key_create(actor=actor, name="notebook")
    api_key_check(plain=plain)
    api_key.refresh_from_db()
    assert api_key.last_used_at is not None


def test_a_revoked_key_is_dead(actor: Actor) -> None:
    api_key, plain = api_key_create(actor=actor, name="notebook")
    api_key_revoke(actor=actor, api_key=api_key)
    api_key_revoke(actor=actor, api_key=api_key)
    assert api_key_check(plain=plain) is None
    assert AuditEntry.objects.filter(action="api_key.revoked").count() == 1


def test_a_locked_out_users_key_is_dead(actor: Actor, owner: User) -> None:
    _, plain = api_key_create(actor=actor, name="notebook")
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert api_key_check(plain=plain) is None


@pytest.mark.parametrize("plain", ["", "ql_test_", "ql_test_" + "x" * 32, "hello"])
def test_unknown_keys(plain: str) -> None:
    assert api_key_check(plain=plain) is None


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_key_needs_a_name(actor: Actor, name: str) -> None:
    with pytest.raises(UserError):
        api_key_create(actor=actor, name=name)


def test_others_keys_need_the_members_right(actor: Actor, workspace: Workspace, stranger: User) -> None:
    api_key, _ = api_key_create(actor=actor, name="notebook")
    trader = Actor("t", workspace_id=workspace.pk, role="trader", user_id=stranger.pk)
    with pytest.raises(NotEntitled):
        api_key_revoke(actor=trader, api_key=api_key)

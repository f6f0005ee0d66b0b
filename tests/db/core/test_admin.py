"""The admin: history is read-only even for superusers, secrets are never shown, changes are audited."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from qlplatform.core.models import ApiKey, AuditEntry, Membership, User, Workspace
from qlplatform.core.services import api_key_check, api_key_create
from qlplatform.core.tenancy import Actor

pytestmark = pytest.mark.django_db

LISTS = ("user", "workspace", "membership", "apikey", "auditentry", "outboxevent")


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.com", "correct horse battery")


@pytest.fixture
def admin(client: Client, root: User) -> Client:
    client.force_login(root)
    return client


@pytest.mark.parametrize("name", LISTS)
def test_lists(
    admin: Client, actor: Actor, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        api_key_create(actor=actor, name=f"notebook {number}")
    with django_assert_max_num_queries(15):
        page = admin.get(f"/admin/core/{name}/")
    assert page.status_code == 200
    assert "PAPER ONLY" in page.content.decode()


def test_the_audit_trail_is_read_only_for_superusers(admin: Client, actor: Actor) -> None:
    entry = AuditEntry.objects.latest("pk")
    assert admin.get(f"/admin/core/auditentry/{entry.pk}/change/").status_code == 200
    assert admin.post(f"/admin/core/auditentry/{entry.pk}/change/", {"action": "x"}).status_code == 403
    assert admin.get("/admin/core/auditentry/add/").status_code == 403
    assert admin.post(f"/admin/core/auditentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_hash_of_a_key_is_not_shown(admin: Client, actor: Actor) -> None:
    api_key, _ = api_key_create(actor=actor, name="notebook")
    page = admin.get(f"/admin/core/apikey/{api_key.pk}/change/").content.decode()
    assert "notebook" in page
    assert api_key.key_hash not in page


def test_operators_end_keys(admin: Client, actor: Actor) -> None:
    api_key, plain = api_key_create(actor=actor, name="notebook")
    admin.post("/admin/core/apikey/", {"action": "revoke", "_selected_action": [api_key.pk]})
    assert api_key_check(plain=plain) is None
    assert AuditEntry.objects.get(action="api_key.revoked").via == "admin"


def test_a_member_is_added_by_the_use_case(admin: Client, workspace: Workspace, stranger: User) -> None:
    admin.post(
        "/admin/core/membership/add/", {"workspace": workspace.pk, "user": stranger.pk, "role": "viewer"}
    )
    assert Membership.objects.get(user=stranger).role == "viewer"
    assert AuditEntry.objects.get(action="membership.set").actor == "root@example.com"


def test_the_last_owner_stays_owner(admin: Client, workspace: Workspace, owner: User) -> None:
    membership = Membership.objects.get(user=owner)
    admin.post(f"/admin/core/membership/{membership.pk}/change/", {"role": "viewer"})
    membership.refresh_from_db()
    assert membership.role == "owner"


def test_a_new_user_needs_no_user_name(admin: Client) -> None:
    password = {"password1": "correct horse battery", "password2": "correct horse battery"}
    admin.post("/admin/core/user/add/", {"email": "new@example.com", "usable_password": "true", **password})
    assert User.objects.get(email="new@example.com").check_password("correct horse battery")
    assert AuditEntry.objects.filter(action="user.created").exists()


def test_people_are_not_deleted(admin: Client, owner: User) -> None:
    assert admin.post(f"/admin/core/user/{owner.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_workspace_change_is_audited(admin: Client, workspace: Workspace) -> None:
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    form = {"name": "Renamed", "deployment_mode": "personal", **inline}
    admin.post(f"/admin/core/workspace/{workspace.pk}/change/", form)
    entry = AuditEntry.objects.get(action="workspace.changed")
    assert (entry.before, entry.after) == ({"name": "Asha's desk"}, {"name": "Renamed"})


def test_the_side_bar_shows_what_one_may_see(client: Client, root: User) -> None:
    User.objects.filter(pk=root.pk).update(is_superuser=False)
    client.force_login(User.objects.get(pk=root.pk))
    assert "/admin/core/auditentry/" not in client.get("/admin/").content.decode()


def test_no_traders_in_the_admin(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.get("/admin/core/apikey/").status_code == 302
    assert not ApiKey.objects.exists()

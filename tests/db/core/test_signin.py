"""One-time links, sign-up with a workspace, and what the audit trail says about both."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from qlplatform.core.models import AuditEntry, Membership, User, Workspace
from qlplatform.core.redis import client as redis
from qlplatform.core.redis import key
from qlplatform.core.services import SIGNIN_LINK_S, signin_link_create, signin_link_use

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_keys")]


@pytest.fixture
def link(owner: User, workspace: Workspace) -> str:
    out = StringIO()
    call_command("signin_link", user="Asha@example.com", stdout=out)
    return out.getvalue().strip()


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_looking_does_not_use_it_up(client: Client, link: str) -> None:
    for _ in range(2):
        page = client.get(link)
        assert page.status_code == 200
        assert "asha@example.com" in page.content.decode()
    assert not signed_in(client)


def test_the_button_signs_in_once(client: Client, link: str) -> None:
    answer = client.post(link)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client)
    second = Client()
    assert second.post(link).status_code == 404
    assert not signed_in(second)
    assert AuditEntry.objects.filter(action="user.signed_in").count() == 1


def test_the_button_needs_the_csrf_token(link: str) -> None:
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403


def test_it_ends_after_a_quarter_of_an_hour(link: str) -> None:
    [stored] = list(redis().scan_iter(match=key("signin", "*")))
    assert SIGNIN_LINK_S - 60 < redis().ttl(stored) <= SIGNIN_LINK_S == 900
    redis().delete(stored)
    assert Client().post(link).status_code == 404


def test_the_token_itself_is_not_stored(link: str) -> None:
    token = link.split("/")[2]
    assert token.encode() not in b"".join(redis().scan_iter(match=key("signin", "*")))


def test_unknown_tokens(client: Client) -> None:
    assert client.get("/signin/nonsense/").status_code == 404


def test_not_for_who_was_locked_out(client: Client, link: str, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert client.post(link).status_code == 404


def test_unknown_person() -> None:
    with pytest.raises(CommandError, match="no active user"):
        call_command("signin_link", user="nobody@example.com")


@pytest.mark.django_db(transaction=True)
def test_of_many_racing_uses_one_wins(owner: User) -> None:
    token = signin_link_create(email=owner.email).split("/")[2]

    def use(_: int) -> User | None:
        try:
            return signin_link_use(token=token)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert [user for user in pool.map(use, range(8)) if user] == [owner]


def test_signing_up_makes_a_workspace(client: Client) -> None:
    answer = client.post(
        "/accounts/signup/", {"email": "new@example.com", "password1": "correct horse battery"}
    )
    assert answer.status_code == 302
    membership = Membership.objects.get(user__email="new@example.com")
    assert (membership.role, membership.workspace.name) == ("owner", "new's workspace")
    assert signed_in(client)


def test_password_sign_in_and_out_are_audited(client: Client, owner: User, workspace: Workspace) -> None:
    client.post("/accounts/login/", {"login": "asha@example.com", "password": "correct horse battery"})
    client.post("/accounts/logout/")
    actions = (
        AuditEntry.objects.filter(action__startswith="user.").order_by("pk").values_list("action", flat=True)
    )
    assert list(actions) == ["user.signed_in", "user.signed_out"]


def test_failed_sign_in_keeps_the_address_not_the_password(client: Client, owner: User) -> None:
    client.post("/accounts/login/", {"login": "asha@example.com", "password": "guess-guess"})
    entry = AuditEntry.objects.get(action="user.sign_in_failed")
    assert entry.text == "asha@example.com"
    assert "guess-guess" not in str(AuditEntry.objects.values())

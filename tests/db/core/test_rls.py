"""With the real database roles: the pages' role sees one workspace, and nobody rewrites history."""

from __future__ import annotations

from itertools import product

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from portfolio.models import Fill, Position
from portfolio.services import fill_apply
from qlplatform.core.api.views import WorkspaceAPIView
from qlplatform.core.models import User, Workspace
from qlplatform.core.rls import APPEND_ONLY_TABLES, MONEY_TABLES, scope_to
from qlplatform.core.services import api_key_create
from qlplatform.core.tenancy import Actor
from tests.db.core.roles import acting_as, ensure_roles
from tests.factories import ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


def count(request: HttpRequest) -> HttpResponse:
    """A page that forgot `visible_to`."""
    return HttpResponse(str(Fill.objects.count()))


class CountView(WorkspaceAPIView):
    """An endpoint that forgot it too."""

    def get(self, request: Request) -> Response:
        return Response(Fill.objects.count())


urlpatterns = [path("count/", count), path("admin/count/", count), path("api/count/", CountView.as_view())]


@pytest.fixture(autouse=True)
def fills(workspace: Workspace, other_workspace: Workspace) -> None:
    """One fill in Asha's workspace, two in Ravi's; roles and policies in place."""
    for owner, trades in ((workspace, 1), (other_workspace, 2)):
        account = ledger.account(owner)
        book = ledger.book(account)
        for _ in range(trades):
            fill_apply(order=ledger.order(account, book), trade=ledger.trade())
    ensure_roles()
    call_command("grant_roles")


def test_granting_twice_changes_nothing(fills: None) -> None:
    call_command("grant_roles")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, count(*) FROM pg_policies GROUP BY 1 ORDER BY 1")
        assert cursor.fetchall() == [(table, 2) for table in sorted(MONEY_TABLES)]


def test_the_app_role_sees_the_workspace_of_the_transaction(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    with acting_as("ql_app"):
        for scope, seen in ((None, 0), (workspace.pk, 1), (other_workspace.pk, 2), ("*", 3)):
            with transaction.atomic():
                scope_to(scope)
                assert Fill.objects.count() == seen


def test_nothing_stays_after_the_transaction(workspace: Workspace) -> None:
    with acting_as("ql_app"):
        with transaction.atomic():
            scope_to(workspace.pk)
            assert Position.objects.exists()
        assert not Position.objects.exists()


def test_the_service_role_sees_everything() -> None:
    with acting_as("ql_service"):
        assert Fill.objects.count() == 3


def test_the_app_role_cannot_write_into_another_workspace(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    with acting_as("ql_app"), transaction.atomic():
        scope_to(other_workspace.pk)
        theirs = Position.objects.first()
        assert theirs is not None
        scope_to(workspace.pk)
        theirs.pk, theirs.public_id = None, "pos_copy"
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            theirs.save(force_insert=True)


REWRITES = ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE")
SCHEMA_CHANGES = ("CREATE TABLE mine (id int)", "ALTER TABLE portfolio_fill DISABLE ROW LEVEL SECURITY")


@pytest.mark.parametrize("role", ["ql_app", "ql_service"])
def test_history_cannot_be_rewritten(role: str) -> None:
    with acting_as(role), connection.cursor() as cursor:
        for table, rewrite in product(APPEND_ONLY_TABLES, REWRITES):
            with pytest.raises(DatabaseError, match="permission denied"):
                cursor.execute(rewrite.format(table))


@pytest.mark.parametrize("role", ["ql_app", "ql_service"])
def test_app_roles_do_not_own_the_tables(role: str) -> None:
    with acting_as(role), connection.cursor() as cursor:
        for change in SCHEMA_CHANGES:
            with pytest.raises(DatabaseError, match="permission denied|must be owner"):
                cursor.execute(change)


def test_a_page_sees_its_persons_workspace(client: Client, owner: User, stranger: User) -> None:
    seen = []
    for user in (owner, stranger):
        client.force_login(user)
        with acting_as("ql_app"):
            seen.append(client.get("/count/").content)
    assert seen == [b"1", b"2"]


def test_an_anonymous_page_sees_nothing(client: Client) -> None:
    with acting_as("ql_app"):
        assert client.get("/count/").content == b"0"


def test_staff_see_everything_in_the_admin_only(client: Client, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=owner.pk))
    with acting_as("ql_app"):
        assert (client.get("/admin/count/").content, client.get("/count/").content) == (b"3", b"1")


def test_others_are_not_let_through_below_admin(client: Client, owner: User) -> None:
    client.force_login(owner)
    with acting_as("ql_app"):
        assert client.get("/admin/count/").content == b"1"


def test_a_key_sees_its_workspace(client: Client, actor: Actor) -> None:
    _, plain = api_key_create(actor=actor, name="notebook")
    with acting_as("ql_app"):
        answer = client.get("/api/count/", headers={"Authorization": f"Bearer {plain}"})
    assert answer.json() == 1

"""The trail says who did what, and the database refuses to change it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from qlplatform.core import audit
from qlplatform.core.models import AuditEntry, Workspace
from qlplatform.core.tenancy import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(actor: Actor, workspace: Workspace) -> AuditEntry:
    return audit.record("desk.renamed", by=actor, target=workspace, before={"name": "a"}, after={"name": "b"})


def test_says_who_what_and_how_it_was(entry: AuditEntry, actor: Actor, workspace: Workspace) -> None:
    entry.refresh_from_db()
    assert (entry.actor, entry.user_id, entry.workspace_id) == (actor.label, actor.user_id, workspace.pk)
    assert (entry.target_type, entry.target_id) == ("core.workspace", workspace.public_id)
    assert (entry.before, entry.after) == ({"name": "a"}, {"name": "b"})


@pytest.mark.parametrize(
    "statement", ["UPDATE core_auditentry SET action = 'x'", "DELETE FROM core_auditentry WHERE id > 0"]
)
def test_the_database_refuses_changes(entry: AuditEntry, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.filter(pk=entry.pk, action="desk.renamed").exists()


def test_the_orm_is_refused_too(entry: AuditEntry) -> None:
    entry.action = "x"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()


def test_gone_with_its_transaction(actor: Actor) -> None:
    before = AuditEntry.objects.count()
    with transaction.atomic():
        audit.record("desk.broken", by=actor)
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == before

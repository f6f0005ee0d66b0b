"""Old answers and old news go; what was never sent stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qlplatform.core.clock import frozen, wall
from qlplatform.core.models import AuditEntry, IdempotencyRecord, OutboxEvent, Workspace
from qlplatform.core.retention import forget_old

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(workspace: Workspace) -> IdempotencyRecord:
    return IdempotencyRecord.objects.create(
        workspace=workspace, key="k", method="POST", path="/", body_hash="", status=201, created_at=wall()
    )


def test_answers_go_after_two_days(answer: IdempotencyRecord) -> None:
    with frozen(wall() + timedelta(hours=47)):
        assert forget_old() == 0
    with frozen(wall() + timedelta(hours=49)):
        assert forget_old() == 1
    assert not IdempotencyRecord.objects.exists()


def test_sent_news_go_after_a_month(workspace: Workspace) -> None:
    OutboxEvent.objects.update(relayed_at=wall())
    with frozen(wall() + timedelta(days=31)):
        assert forget_old() == 1
    assert AuditEntry.objects.exists()


def test_news_not_sent_stay(workspace: Workspace) -> None:
    with frozen(wall() + timedelta(days=365)):
        assert forget_old() == 0
    assert OutboxEvent.objects.exists()

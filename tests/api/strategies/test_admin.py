from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from strategies.models import Strategy
from strategies.services import strategy_create
from tests.factories import ledger
from tests.factories.specs import straddle
from tests.factories.staff import superuser_client


@pytest.fixture
def admin(db: None) -> Client:
    return superuser_client()


@pytest.fixture
def strategy(db: None) -> Strategy:
    workspace = ledger.workspace()
    return strategy_create(workspace=workspace, spec=straddle(), by=ledger.actor(workspace))


def test_strategies_are_listed_with_few_queries(
    admin: Client, strategy: Strategy, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(15):
        assert "0920 straddle" in admin.get("/admin/strategies/strategy/").content.decode()


def test_versions_are_shown_and_cannot_be_changed(admin: Client, strategy: Strategy) -> None:
    path = f"/admin/strategies/strategy/{strategy.pk}/change/"
    page = admin.get(path).content.decode()

    assert strategy.latest is not None
    assert strategy.latest.spec_hash in page
    assert admin.post(path, {"name": "Other"}).status_code == 403
    assert admin.get("/admin/strategies/strategy/add/").status_code == 403

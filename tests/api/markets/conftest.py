"""Signed-in clients of a workspace with one replay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from rest_framework.test import APIClient

from markets.models import Market
from markets.seeding import seed_markets
from markets.selectors import reload_facts
from markets.services import instruments_ensure, replay_market_create
from markets.sessions import bundled_sources
from qlplatform.core.models import Membership, User, Workspace


@pytest.fixture(autouse=True)
def _facts(db: None) -> Iterator[None]:
    seed_markets()
    yield
    reload_facts()


def member(name: str) -> tuple[APIClient, Workspace]:
    user = User.objects.create_user(f"{name}@example.com", "secret")
    workspace = Workspace.objects.create(name=name)
    Membership.objects.create(workspace=workspace, user=user, role="owner")
    client = APIClient()
    client.force_login(user)
    return client, workspace


@pytest.fixture
def asha() -> tuple[APIClient, Workspace]:
    return member("asha")


@pytest.fixture
def client(asha: tuple[APIClient, Workspace]) -> APIClient:
    return asha[0]


@pytest.fixture
def replay(asha: tuple[APIClient, Workspace]) -> Market:
    return replay_market_create(
        workspace=asha[1], source="nifty_2022-06", session_date=date(2022, 6, 8), speed=60
    )


@pytest.fixture
def _listed() -> None:
    instruments_ensure(bundled_sources()["nifty_2022-06"].load(date(2022, 6, 8)))

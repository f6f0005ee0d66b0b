"""Every test here has the market facts of the project."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from markets.seeding import seed_markets
from markets.selectors import reload_facts
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor


@pytest.fixture(autouse=True)
def _facts(db: None) -> Iterator[None]:
    seed_markets()
    yield
    reload_facts()


@pytest.fixture
def workspace() -> Workspace:
    return Workspace.objects.create(name="Rao family")


@pytest.fixture
def trader(workspace: Workspace) -> Actor:
    return Actor(label="asha@example.com", workspace_id=workspace.pk, role="trader", via="web")

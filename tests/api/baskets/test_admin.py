from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from baskets.models import Basket
from qlplatform.core.models import AuditEntry, Workspace
from strategies.models import Strategy
from strategies.services import strategy_create
from tests.factories import ledger
from tests.factories.specs import straddle
from tests.factories.staff import superuser_client


@pytest.fixture
def admin(db: None) -> Client:
    return superuser_client()


@pytest.fixture
def workspace(db: None) -> Workspace:
    return ledger.workspace()


def new_strategy(workspace: Workspace) -> Strategy:
    return strategy_create(workspace=workspace, spec=straddle(), by=ledger.actor(workspace))


def form(workspace: Workspace, strategy: Strategy, **changes: str) -> dict[str, str]:
    base = {
        "workspace": str(workspace.pk), "name": "Weekly", "description": "", "capital_paise": "5,00,000",
        "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0", "members-0-strategy": str(strategy.pk),
        "members-0-multiplier": "2",
    }  # fmt: skip
    return base | changes


def test_a_basket_is_made_with_its_members_and_audited(admin: Client, workspace: Workspace) -> None:
    strategy = new_strategy(workspace)
    assert admin.post("/admin/baskets/basket/add/", form(workspace, strategy)).status_code == 302

    basket = Basket.objects.get()
    assert (basket.capital_paise, basket.members.get().multiplier) == (5_00_000_00, 2)
    entry = AuditEntry.objects.get(action="basket.created")
    assert (entry.via, entry.after["members"]) == ("admin", {strategy.public_id: 2})
    assert "₹5,00,000" in admin.get("/admin/baskets/basket/").content.decode()


@pytest.mark.parametrize(
    "changes", [{"capital_paise": "-1"}, {"capital_paise": "x"}, {"members-0-multiplier": "0"}]
)
def test_a_bad_basket_is_refused(admin: Client, workspace: Workspace, changes: dict[str, str]) -> None:
    answer = admin.post("/admin/baskets/basket/add/", form(workspace, new_strategy(workspace), **changes))

    assert answer.status_code == 200
    assert not Basket.objects.exists()


def test_strategies_of_another_workspace_stay_out(admin: Client, workspace: Workspace) -> None:
    foreign = new_strategy(ledger.workspace())

    answer = admin.post("/admin/baskets/basket/add/", form(workspace, foreign))

    assert answer.status_code == 200
    assert "same workspace" in answer.content.decode()
    assert not Basket.objects.exists()


def test_the_list_takes_few_queries(
    admin: Client, workspace: Workspace, django_assert_max_num_queries: Any
) -> None:
    strategy = new_strategy(workspace)
    for n in range(3):
        admin.post("/admin/baskets/basket/add/", form(workspace, strategy, name=f"B{n}"))

    with django_assert_max_num_queries(15):
        assert admin.get("/admin/baskets/basket/").status_code == 200

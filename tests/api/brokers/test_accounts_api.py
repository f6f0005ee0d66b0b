"""`/api/v1/accounts`."""

from __future__ import annotations

import pytest
from django.test import Client

from qlplatform.core.models import Membership, User, Workspace
from tests.factories.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def member(stage: Stage) -> Client:
    return signed_in("asha@example.test", stage.workspace)


def signed_in(email: str, workspace: Workspace) -> Client:
    user = User.objects.create_user(email)
    Membership.objects.create(user=user, workspace=workspace, role="viewer")
    client = Client()
    client.force_login(user)
    return client


def test_the_list_shows_the_workspaces_accounts_newest_first(stage: Stage, member: Client) -> None:
    second = stage.account_open("Two")
    answer = member.get("/api/v1/accounts").json()
    assert [row["id"] for row in answer["data"]] == [second.public_id, stage.account.public_id]
    assert (answer["next_cursor"], answer["has_more"]) == (None, False)


def test_an_account_shows_money_in_rupees_and_its_market(stage: Stage, member: Client) -> None:
    answer = member.get(f"/api/v1/accounts/{stage.account.public_id}")
    body = answer.json()
    del body["created_at"]
    assert body == {
        "id": stage.account.public_id,
        "name": "One",
        "broker": "paper",
        "mode": "paper",
        "state": "active",
        "market": stage.market.public_id,
        "brokerage_plan": "zerodha",
        "capital": "1000000.00",
    }
    assert answer["ETag"]


def test_accounts_of_others_do_not_exist(stage: Stage) -> None:
    stranger = signed_in("ravi@example.test", Workspace.objects.create(name="Other"))
    assert stranger.get(f"/api/v1/accounts/{stage.account.public_id}").status_code == 404
    assert stranger.get("/api/v1/accounts").json()["data"] == []


def test_nobody_in_particular_sees_nothing(stage: Stage) -> None:
    assert Client().get("/api/v1/accounts").status_code == 401

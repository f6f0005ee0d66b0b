from __future__ import annotations

from typing import Any

import pytest

from baskets.models import Basket
from qlplatform.core.models import Workspace
from tests.factories import ledger
from tests.factories.api import ApiClient, client_of
from tests.factories.specs import straddle


@pytest.fixture
def workspace(db: None) -> Workspace:
    return ledger.workspace()


@pytest.fixture
def api(workspace: Workspace) -> ApiClient:
    return client_of(workspace)


@pytest.fixture
def strategy(api: ApiClient) -> str:
    public_id: str = api.post("strategies", straddle()).json()["id"]
    return public_id


def test_a_basket_is_made_with_its_members(api: ApiClient, strategy: str) -> None:
    wish = {"name": "Weekly", "capital": "500000.50", "members": [{"strategy": strategy, "multiplier": 2}]}
    answer = api.post("baskets", wish)

    assert answer.status_code == 201
    body = answer.json()
    assert body["capital"] == "500000.50"
    assert body["members"] == [{"strategy": strategy, "name": "0920 straddle", "multiplier": 2}]
    assert api.get(f"baskets/{body['id']}").json() == body
    assert api.get("baskets").json()["data"] == [body]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"capital": 5}, "/capital"),
        ({"capital": "1.005"}, "/capital"),
        ({"members": [{"strategy": "s", "multiplier": 0}]}, "/members/0/multiplier"),
        ({"members": [{}]}, "/members/0/strategy"),
    ],
)
def test_a_bad_basket_is_refused_by_field(api: ApiClient, change: dict[str, Any], pointer: str) -> None:
    answer = api.post("baskets", {"name": "Weekly"} | change)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Basket.objects.exists()


def test_a_strategy_that_does_not_exist_leaves_no_basket_behind(api: ApiClient) -> None:
    answer = api.post("baskets", {"name": "Weekly", "members": [{"strategy": "str_nobody"}]})

    assert answer.status_code == 404
    assert not Basket.objects.exists()


def test_strategies_and_baskets_of_others_do_not_exist(api: ApiClient, strategy: str) -> None:
    stranger = client_of(ledger.workspace())
    mine = api.post("baskets", {"name": "Weekly"}).json()["id"]

    assert stranger.get(f"baskets/{mine}").status_code == 404
    assert stranger.get("baskets").json()["data"] == []
    assert stranger.post("baskets", {"name": "X", "members": [{"strategy": strategy}]}).status_code == 404


def test_a_name_is_taken_once(api: ApiClient) -> None:
    api.post("baskets", {"name": "Weekly"})

    assert api.post("baskets", {"name": "Weekly"}).status_code == 409


def test_viewers_make_none(workspace: Workspace) -> None:
    assert client_of(workspace, "viewer").post("baskets", {"name": "Weekly"}).status_code == 403


def test_the_list_takes_a_fixed_number_of_queries(
    api: ApiClient, strategy: str, django_assert_max_num_queries: Any
) -> None:
    for n in range(3):
        api.post("baskets", {"name": f"B{n}", "members": [{"strategy": strategy}]})

    with django_assert_max_num_queries(12):
        assert len(api.get("baskets").json()["data"]) == 3

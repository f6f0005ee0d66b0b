"""Money, lists, ETags, field errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qlplatform.core.models import ApiKey
from qlplatform.core.services import api_key_create
from qlplatform.core.tenancy import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.core.sample")]

JSON = "application/json"


def place(api: Client, order: dict[str, Any]) -> Any:
    return api.post("/api/v1/orders", order, content_type=JSON, headers={"Idempotency-Key": str(order)})


def test_money_is_text_in_rupees(api: Client) -> None:
    answer = place(api, {"price": "142350.05", "qty": 75})
    assert answer.json() == {"price_paise": 14235005, "price": "142350.05", "qty": 75}


@pytest.mark.parametrize("price", [142350.05, 10, "1.005", "ten", None, {}])
def test_other_money_is_refused(api: Client, price: object) -> None:
    answer = place(api, {"price": price, "qty": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/price"]


def test_every_wrong_field_is_named(api: Client) -> None:
    answer = place(api, {"qty": 0})
    assert {(e["pointer"], e["code"]) for e in answer.json()["errors"]} == {
        ("/price", "required"),
        ("/qty", "min_value"),
    }


@pytest.fixture
def names(api: Client, actor: Actor) -> list[str]:
    """Names of all keys of the workspace, newest first."""
    for number in range(6):
        api_key_create(actor=actor, name=f"key {number}")
    return [*(f"key {number}" for number in range(5, -1, -1)), "first"]


def walk(api: Client, query: str) -> list[list[str]]:
    pages, cursor = [], ""
    while True:
        body = api.get(f"/api/v1/keys?{query}&cursor={cursor}").json()
        pages.append([key["name"] for key in body["data"]])
        if not body["has_more"]:
            assert body["next_cursor"] is None
            return pages
        cursor = body["next_cursor"]


@pytest.mark.parametrize(("limit", "sizes"), [(3, [3, 3, 1]), (7, [7]), (200, [7])])
def test_pages_join_to_the_whole_list(api: Client, names: list[str], limit: int, sizes: list[int]) -> None:
    pages = walk(api, f"limit={limit}")
    assert [len(page) for page in pages] == sizes
    assert sum(pages, []) == names


def test_oldest_first(api: Client, names: list[str]) -> None:
    assert sum(walk(api, "limit=2&order=asc"), []) == names[::-1]


def test_new_rows_shift_nothing(api: Client, names: list[str], actor: Actor) -> None:
    first = api.get("/api/v1/keys?limit=3").json()
    api_key_create(actor=actor, name="meanwhile")
    second = api.get(f"/api/v1/keys?limit=3&cursor={first['next_cursor']}").json()
    assert [key["name"] for key in second["data"]] == names[3:6]


def test_created_after(api: Client, names: list[str]) -> None:
    noon = datetime(2026, 1, 1, tzinfo=UTC)
    ApiKey.objects.update(created_at=noon)
    ApiKey.objects.filter(name="key 5").update(created_at=noon + timedelta(seconds=1))
    assert walk(api, "created_after=2026-01-01T00:00:00Z") == [["key 5"]]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "bad_limit"),
        ("limit=201", "bad_limit"),
        ("limit=x", "bad_limit"),
        ("limit=" + "9" * 5000, "bad_limit"),
        ("order=up", "bad_order"),
        ("cursor=%F0%9F%98%80", "bad_cursor"),
        ("cursor=LTE", "bad_cursor"),
        ("created_after=yesterday", "bad_time"),
        ("created_after=2026-01-01T00:00:00", "bad_time"),
        ("created_after=2026-13-01T00:00:00Z", "bad_time"),
    ],
)
def test_bad_list_parameters(api: Client, query: str, code: str) -> None:
    answer = api.get(f"/api/v1/keys?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.fixture
def address(api: Client) -> str:
    return f"/api/v1/keys/{ApiKey.objects.get(name='first').public_id}"


def test_known_representation_is_not_sent_again(api: Client, address: str) -> None:
    etag = api.get(address)["ETag"]
    answer = api.get(address, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)


def test_a_change_names_what_it_is_based_on(api: Client, address: str) -> None:
    etag = api.get(address)["ETag"]
    changed = api.patch(address, {"name": "new"}, content_type=JSON, headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["name"]) == (200, "new")
    assert changed["ETag"] != etag


def test_lost_updates_are_refused(api: Client, address: str) -> None:
    etag = api.get(address)["ETag"]
    ApiKey.objects.update(name="theirs")
    answer = api.patch(address, {"name": "mine"}, content_type=JSON, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["code"]) == (412, "version_changed")
    assert api.get(address).json()["name"] == "theirs"


def test_a_change_without_base_is_refused(api: Client, address: str) -> None:
    answer = api.patch(address, {"name": "mine"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")

"""Who gets in, what he sees, and how a refusal reads."""

from __future__ import annotations

import pytest
from django.test import Client

from qlplatform.core.models import ApiKey, Membership, User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.core.sample")]


def test_without_key_401(client: Client) -> None:
    answer = client.get("/api/v1/keys", headers={"X-Request-Id": "trace-0001"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["X-Request-Id"] == "trace-0001"
    problem = answer.json()
    assert problem.pop("detail").startswith("Sign in")
    assert problem == {
        "type": "/problems/not_signed_in/",
        "title": "Unauthorized",
        "status": 401,
        "instance": "/api/v1/keys",
        "code": "not_signed_in",
        "request_id": "trace-0001",
        "retryable": False,
        "errors": [],
    }


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ql_test_" + "x" * 32, "bearer  "])
def test_wrong_key_401(client: Client, header: str) -> None:
    answer = client.get("/api/v1/keys", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_session_gets_in_too(client: Client, api: Client, owner: User) -> None:
    client.force_login(owner)
    assert [key["name"] for key in client.get("/api/v1/keys").json()["data"]] == ["first"]


def test_a_session_needs_the_csrf_token(owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    answer = client.post("/api/v1/keys", {"name": "x"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_entitled")


def test_others_objects_do_not_exist(api: Client, stranger_api: Client) -> None:
    mine = ApiKey.objects.get(name="first").public_id
    assert api.get(f"/api/v1/keys/{mine}").status_code == 200
    answer = stranger_api.get(f"/api/v1/keys/{mine}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert [key["name"] for key in stranger_api.get("/api/v1/keys").json()["data"]] == ["theirs"]


def test_a_viewer_may_not_trade(api: Client, owner: User) -> None:
    Membership.objects.filter(user=owner).update(role="viewer")
    assert api.get("/api/v1/keys").status_code == 200
    answer = api.post("/api/v1/keys", {"name": "x"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_entitled")
    assert "“trade”" in answer.json()["detail"]


def test_who_left_the_workspace_is_out(api: Client, owner: User) -> None:
    Membership.objects.filter(user=owner).delete()
    assert api.get("/api/v1/keys").status_code == 403


def test_unknown_address(api: Client) -> None:
    answer = api.get("/api/v1/nothing")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_wrong_method(api: Client) -> None:
    answer = api.put("/api/v1/keys", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (405, "http_405")


def test_not_json(api: Client) -> None:
    answer = api.post("/api/v1/keys", "{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_kill_switch(api: Client) -> None:
    answer = api.delete("/api/v1/orders")
    assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (
        423,
        "kill_switch_on",
        True,
    )


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space in it", "line\u00e9break"])
def test_a_badly_formed_request_id_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": given})
    assert answer["X-Request-Id"] != given
    assert len(answer["X-Request-Id"]) == 32

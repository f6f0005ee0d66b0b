"""What machines ask: alive, ready, metrics; the API's description; what an error code means."""

from __future__ import annotations

import json

import pytest
from django.test import Client, override_settings

from qlplatform.core.heartbeat import beat
from qlplatform.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_keys")]


def test_alive(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_ready(client: Client) -> None:
    beat("relay")
    answer = client.get("/readyz?roles=relay")
    body = answer.json()
    assert (answer.status_code, body["ready"], body["database"], body["redis"]) == (200, True, "ok", "ok")
    assert list(body["roles"]) == ["relay"]


def test_a_missing_role_is_named(client: Client) -> None:
    beat("relay")
    answer = client.get("/readyz?roles=relay,engine")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["engine"])


def test_not_ready_without_redis(client: Client) -> None:
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["redis"], answer.json()["database"]) == (503, "down", "ok")


def test_metrics_for_this_machine(client: Client) -> None:
    beat("relay")
    text = client.get("/metrics").content.decode()
    assert "ql_outbox_waiting 0.0" in text
    assert 'ql_role_age_seconds{role="relay"}' in text


@pytest.mark.parametrize("others", [{"REMOTE_ADDR": "10.1.1.1"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}])
def test_metrics_do_not_exist_for_others(client: Client, owner: User, others: dict[str, str]) -> None:
    client.force_login(owner)
    assert client.get("/metrics", **others).status_code == 404


def test_metrics_for_staff_elsewhere(admin_client: Client) -> None:
    assert admin_client.get("/metrics", REMOTE_ADDR="10.1.1.1").status_code == 200


def test_the_description_is_openapi_31(client: Client) -> None:
    schema = json.loads(client.get("/api/schema/?format=json").content)
    assert schema["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    ("code", "words"), [("not_found", "do not exist for you"), ("odd", "what to change")]
)
def test_codes_are_explained(client: Client, code: str, words: str) -> None:
    answer = client.get(f"/problems/{code}/")
    assert answer.status_code == 200
    assert words in answer.content.decode()

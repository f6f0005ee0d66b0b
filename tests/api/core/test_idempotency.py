"""The same request twice takes effect once: replayed, refused or raced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from qlplatform.core.clock import frozen, wall
from qlplatform.core.models import ApiKey
from tests.api.core.sample import entered, release

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.core.sample")]


def post(api: Client, name: str, key: str = "k-1") -> Any:
    return api.post(
        "/api/v1/keys", {"name": name}, content_type="application/json", headers={"Idempotency-Key": key}
    )


def post_and_close(api: Client, name: str, key: str = "k-1") -> Any:
    """In a thread: its connection goes with it."""
    try:
        return post(api, name, key)
    finally:
        connection.close()


def made(name: str) -> int:
    return ApiKey.objects.filter(name=name).count()


def test_replayed(api: Client) -> None:
    first, second = post(api, "a"), post(api, "a")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert made("a") == 1


def test_another_body_is_refused(api: Client) -> None:
    post(api, "a")
    answer = post(api, "b")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert made("b") == 0


def test_another_key_is_another_request(api: Client) -> None:
    post(api, "a", "k-1")
    post(api, "a", "k-2")
    assert made("a") == 2


def test_keys_of_workspaces_do_not_meet(api: Client, stranger_api: Client) -> None:
    assert (post(api, "a").status_code, post(stranger_api, "b").status_code) == (201, 201)


def test_without_key_each_request_counts(api: Client) -> None:
    for _ in range(2):
        api.post("/api/v1/keys", {"name": "a"}, content_type="application/json")
    assert made("a") == 2


def test_required(api: Client) -> None:
    answer = api.post("/api/v1/orders", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")


def test_a_key_too_long(api: Client) -> None:
    assert post(api, "a", "k" * 256).status_code == 400
    assert post(api, "a", "k" * 255).status_code == 201


def test_a_refused_request_left_nothing_and_may_come_again(api: Client) -> None:
    assert [post(api, "broken").status_code for _ in range(2)] == [422, 422]
    assert made("broken") == 0
    assert post(api, "a").status_code == 201


def test_forgotten_after_two_days(api: Client) -> None:
    post(api, "a")
    with frozen(wall() + timedelta(hours=49)):
        assert "Idempotent-Replayed" not in post(api, "a")
    assert made("a") == 2


@pytest.mark.django_db(transaction=True)
def test_in_flight(api: Client) -> None:
    entered.clear()
    release.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post_and_close, api, "slow")
        assert entered.wait(10)
        second = post(api, "slow")
        release.set()
        assert first.result().status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "idempotency-key-in-flight")
    assert second["Retry-After"] == "1"
    assert post(api, "slow")["Idempotent-Replayed"] == "true"


@pytest.mark.django_db(transaction=True)
def test_a_race_has_one_winner(api: Client) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post_and_close(api, "raced"), range(12)))
    created = [a for a in answers if a.status_code == 201]
    assert {a.status_code for a in answers} <= {201, 409}
    assert sum("Idempotent-Replayed" not in a for a in created) == 1
    assert len({a.json()["public_id"] for a in created}) == 1
    assert made("raced") == 1

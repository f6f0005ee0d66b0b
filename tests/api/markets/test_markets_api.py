"""`/api/v1/markets` and `/api/v1/instruments`."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from markets.models import Market
from markets.selectors import live_market
from tests.api.markets.conftest import member


def test_the_live_market_and_ones_own_replays_are_listed(client: APIClient, replay: Market) -> None:
    answer = client.get("/api/v1/markets").json()
    assert [row["id"] for row in answer["data"]] == [replay.public_id, live_market().public_id]
    assert (answer["has_more"], answer["next_cursor"]) == (False, None)


def test_a_replay_in_full(client: APIClient, replay: Market) -> None:
    shown = client.get(f"/api/v1/markets/{replay.public_id}").json()
    assert shown.pop("created_at")
    assert shown == {
        "id": replay.public_id,
        "kind": "replay",
        "underlying": "NIFTY",
        "session_date": "2022-06-08",
        "source": "nifty_2022-06",
        "state": "ready",
        "speed": 60,
        "slippage": "0.00",
        "seq": 0,
        "now": "2022-06-08T03:45:00Z",
        "note": "",
        "ended_at": None,
    }


def test_another_workspaces_replay_does_not_exist(replay: Market) -> None:
    stranger, _ = member("mallory")
    answer = stranger.get(f"/api/v1/markets/{replay.public_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert [row["kind"] for row in stranger.get("/api/v1/markets").json()["data"]] == ["live"]


def test_a_visitor_is_asked_to_sign_in(db: None) -> None:
    assert APIClient().get("/api/v1/markets").status_code == 401


@pytest.mark.usefixtures("_listed")
def test_instruments_are_looked_up(client: APIClient) -> None:
    (found,) = client.get("/api/v1/instruments?underlying=NIFTY&expiry=2022-06-09&q=16500 CE").json()["data"]
    assert found.pop("id").startswith("ins_")
    assert found == {
        "exchange": "NSE",
        "underlying": "NIFTY",
        "kind": "CE",
        "expiry": "2022-06-09",
        "strike": "16500.00",
        "lot_size": 50,
        "tick": "0.05",
        "symbol": "NIFTY 09 JUN 16500 CE",
    }


@pytest.mark.usefixtures("_listed")
def test_an_instrument_is_cached_by_its_etag(client: APIClient) -> None:
    (found,) = client.get("/api/v1/instruments?q=16500 PE").json()["data"]
    answer = client.get(f"/api/v1/instruments/{found['id']}")
    assert answer.json() == found
    again = client.get(f"/api/v1/instruments/{found['id']}", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "code"), [("expiry=tomorrow", "bad_date"), ("created_after=2026-01-01", "bad_filter")]
)
def test_a_query_that_cannot_be_read_is_refused(client: APIClient, query: str, code: str) -> None:
    answer = client.get(f"/api/v1/instruments?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_an_unknown_instrument_does_not_exist(client: APIClient) -> None:
    assert client.get("/api/v1/instruments/ins_nobody").status_code == 404

"""/api/v1/replays"""

from __future__ import annotations

from typing import Any

import pytest

from markets.models import Market
from tests.api.execution.conftest import Api
from tests.factories.trading import Floor


def test_a_replay_starts_with_the_first_bundled_day(floor: Floor, api: Api) -> None:
    answer = api.post("replays", {})

    shown = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/replays/{shown['id']}")
    assert (shown["mode"], shown["trading_date"], shown["source"], shown["speed"], shown["state"]) == (
        "paper",
        "2022-06-08",
        "nifty_2022-06",
        60,
        "playing",
    )


def test_replays_are_listed_newest_first(floor: Floor, api: Api) -> None:
    started = api.post("replays", {"session_date": "2022-06-16", "speed": 300}).json()

    assert [row["id"] for row in api.get("replays").json()["data"]] == [started["id"], floor.market.public_id]
    assert api.get(f"replays/{started['id']}").json()["speed"] == 300


def test_the_same_key_starts_one_replay(floor: Floor, api: Api) -> None:
    for _ in range(2):
        api.post("replays", {}, key="k1")

    assert Market.objects.filter(kind="replay").count() == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"session_date": "2022-06-04"}, 422, "no_data_for_date"),
        ({"session_date": "yesterday"}, 422, "invalid"),
        ({"source": "moon"}, 422, "unknown_source"),
        ({"speed": 99_999}, 422, "bad_speed"),
        ({"speed": -1}, 422, "invalid"),
    ],
)
def test_a_replay_that_cannot_be_is_refused(
    floor: Floor, api: Api, body: dict[str, Any], status: int, code: str
) -> None:
    problem = api.post("replays", body)

    assert (problem.status_code, problem.json()["code"]) == (status, code)
    assert Market.objects.filter(kind="replay").count() == 1


def test_a_replay_is_controlled(floor: Floor, api: Api) -> None:
    path = f"replays/{floor.market.public_id}/control"

    assert api.post(path, {"action": "pause"}).json()["state"] == "paused"
    assert api.post(path, {"action": "speed", "value": 300}).json()["speed"] == 300
    assert api.post(path, {"action": "again"}).json()["id"] != floor.market.public_id


@pytest.mark.parametrize(
    "body", [{}, {"action": "fly"}, {"action": "speed"}, {"action": "speed", "value": "fast"}]
)
def test_what_a_replay_cannot_do_is_refused(floor: Floor, api: Api, body: dict[str, Any]) -> None:
    problem = api.post(f"replays/{floor.market.public_id}/control", body)

    assert problem.status_code == 422
    floor.market.refresh_from_db()
    assert (floor.market.state, floor.market.speed) == ("playing", 60)


def test_an_ended_replay_is_a_conflict(floor: Floor, api: Api) -> None:
    Market.objects.filter(pk=floor.market.pk).update(state="ended")

    assert api.post(f"replays/{floor.market.public_id}/control", {"action": "play"}).status_code == 409

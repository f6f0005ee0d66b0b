"""Others' objects do not exist; viewers look and do not touch."""

from __future__ import annotations

import pytest
from django.test import Client

from execution.models import Deployment, KillSwitch, Order, RunEvent
from markets.models import Market
from tests.api.execution.conftest import Api
from tests.factories.trading import Floor

READS = [
    "deployments/{dep}",
    "runs/{run}",
    "runs/{run}/decisions",
    "orders/{ord}",
    "replays/{mkt}",
]
WRITES = [
    ("deployments/{dep}/pause", "stop"),
    ("deployments/{dep}/resume", "trade"),
    ("deployments/{dep}/archive", "trade"),
    ("deployments/{dep}/square-off", "stop"),
    ("runs/{run}/square-off", "stop"),
    ("replays/{mkt}/control", "trade"),
]
STARTS = [("deployments", "trade"), ("replays", "trade"), ("kill-switch", "stop")]
LISTS = ["deployments", "runs", "orders"]


@pytest.fixture
def names(floor: Floor) -> dict[str, str]:
    """One of each kind, in the floor's workspace."""
    run = floor.run()
    order: Order = floor.order(floor.intent(run))
    return {
        "dep": floor.deployment.public_id,
        "run": run.public_id,
        "ord": order.public_id,
        "mkt": floor.market.public_id,
    }


@pytest.mark.parametrize("path", READS)
def test_the_owner_and_a_viewer_see_it(api: Api, viewer: Api, names: dict[str, str], path: str) -> None:
    assert api.get(path.format(**names)).status_code == 200
    assert viewer.get(path.format(**names)).status_code == 200


@pytest.mark.parametrize("path", READS)
def test_for_a_stranger_it_does_not_exist(stranger: Api, names: dict[str, str], path: str) -> None:
    problem = stranger.get(path.format(**names))

    assert (problem.status_code, problem["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", [path for path, _ in WRITES])
def test_a_stranger_moves_nothing(stranger: Api, names: dict[str, str], path: str) -> None:
    assert stranger.post(path.format(**names), {"action": "pause"}).status_code == 404
    assert not RunEvent.objects.exists()
    assert Market.objects.get(public_id=names["mkt"]).state == "playing"


@pytest.mark.parametrize("path", LISTS)
def test_a_strangers_list_is_empty(stranger: Api, names: dict[str, str], path: str) -> None:
    assert stranger.get(path).json() == {"data": [], "next_cursor": None, "has_more": False}


@pytest.mark.parametrize(("path", "right"), WRITES + STARTS)
def test_a_viewer_is_told_which_right_it_takes(
    viewer: Api, names: dict[str, str], path: str, right: str
) -> None:
    problem = viewer.post(path.format(**names), {"action": "pause", "level": "pause_entries"})

    assert (problem.status_code, problem.json()["code"]) == (403, "not_entitled")
    assert f"“{right}”" in problem.json()["detail"]
    assert (Deployment.objects.get().state, KillSwitch.objects.count()) == ("active", 0)


@pytest.mark.parametrize("path", [*LISTS, "replays", "kill-switch"])
def test_signing_in_comes_first(db: None, path: str) -> None:
    assert Client().get(f"/api/v1/{path}").status_code == 401

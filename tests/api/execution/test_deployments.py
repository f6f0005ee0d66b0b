"""/api/v1/deployments"""

from __future__ import annotations

from typing import Any

import pytest

from execution.models import Deployment, RunEvent
from execution.services.kill import kill_switch_press
from tests.api.execution.conftest import Api
from tests.factories.queries import queries_of
from tests.factories.trading import Floor


def test_a_deployment_says_everything_a_card_shows(floor: Floor, api: Api) -> None:
    run = floor.run(phase="RUNNING")

    shown = api.get(f"deployments/{floor.deployment.public_id}").json()

    assert shown.pop("created_at").endswith("Z")
    assert shown == {
        "id": floor.deployment.public_id,
        "strategy": floor.strategy.public_id,
        "strategy_name": "0920 straddle",
        "version": None,
        "account": floor.account.public_id,
        "session": floor.market.public_id,
        "basket": None,
        "mode": "paper",
        "multiplier": 1,
        "state": "active",
        "status": "running",
        "next_action": shown["next_action"],
        "next_due_at": "2022-06-15T03:50:00Z",
        "run": run.public_id,
        "trading_date": "2022-06-15",
        "open_legs": 0,
        "pnl": {"realised": "0.00", "unrealised": "0.00", "charges": "0.00", "net": "0.00"},
    }


def test_a_list_is_newest_first_and_goes_on_with_its_cursor(floor: Floor, api: Api) -> None:
    ids = [floor.deployment.public_id, *(floor.deploy().public_id for _ in range(2))]

    first = api.get("deployments", limit=2).json()
    second = api.get("deployments", limit=2, cursor=first["next_cursor"]).json()

    assert [row["id"] for row in first["data"] + second["data"]] == ids[::-1]
    assert (first["has_more"], second["has_more"], second["next_cursor"]) == (True, False, None)


@pytest.mark.parametrize(
    ("params", "found"),
    [({"state": "active"}, 1), ({"state": "paused"}, 0), ({"session": "mkt_none"}, 0)],
)
def test_a_list_can_be_narrowed(floor: Floor, api: Api, params: dict[str, str], found: int) -> None:
    assert len(api.get("deployments", **params).json()["data"]) == found


def test_a_state_nobody_knows_is_refused(api: Api) -> None:
    problem = api.get("deployments", state="flying")

    assert problem.status_code == 422
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["errors"][0]["pointer"] == "/state"


def test_a_list_asks_the_database_as_often_for_one_as_for_many(floor: Floor, api: Api) -> None:
    floor.run()
    for_one = queries_of(lambda: api.get("deployments"))
    for _ in range(8):
        floor.run(floor.deploy())

    assert queries_of(lambda: api.get("deployments")) == for_one <= 12
    assert len(api.get("deployments").json()["data"]) == 9


def test_without_account_it_goes_to_work_on_paper(floor: Floor, api: Api) -> None:
    answer = api.post("deployments", {"strategy": floor.strategy.public_id, "multiplier": 3})

    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["mode"], shown["multiplier"], shown["session"]) == ("paper", 3, floor.market.public_id)
    assert answer["Location"] == f"/api/v1/deployments/{shown['id']}"


def test_with_account_it_goes_to_work_there(floor: Floor, api: Api) -> None:
    account = floor.account_open("Two")

    answer = api.post("deployments", {"strategy": floor.strategy.public_id, "account": account.public_id})

    assert answer.json()["account"] == account.public_id


def test_the_same_key_deploys_once(floor: Floor, api: Api) -> None:
    first, second = (
        api.post("deployments", {"strategy": floor.strategy.public_id}, key="k1") for _ in range(2)
    )

    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert Deployment.objects.count() == 2


def test_a_key_is_required(floor: Floor, api: Api) -> None:
    problem = api.post("deployments", {"strategy": floor.strategy.public_id}, key="")

    assert (problem.status_code, problem.json()["code"]) == (400, "idempotency-key-missing")


@pytest.mark.parametrize(
    ("wrong", "status", "pointer"),
    [
        ({"multiplier": 0}, 422, "/multiplier"),
        ({"multiplier": "many"}, 422, "/multiplier"),
        ({"strategy": ""}, 422, "/strategy"),
        ({"strategy": "str_unknown"}, 404, None),
        ({"account": "acc_unknown"}, 404, None),
        ({"basket": "bsk_unknown"}, 404, None),
    ],
)
def test_bad_input_deploys_nothing(
    floor: Floor, api: Api, wrong: dict[str, Any], status: int, pointer: str | None
) -> None:
    problem = api.post("deployments", {"strategy": floor.strategy.public_id} | wrong)

    assert problem.status_code == status
    assert [error["pointer"] for error in problem.json()["errors"]] == ([pointer] if pointer else [])
    assert Deployment.objects.count() == 1


def test_the_kill_switch_refuses_with_423(floor: Floor, api: Api) -> None:
    kill_switch_press(actor=floor.actor(), level="pause_entries")

    problem = api.post("deployments", {"strategy": floor.strategy.public_id})

    assert (problem.status_code, problem.json()["code"]) == (423, "kill_switch_on")


def test_pause_and_resume(floor: Floor, api: Api) -> None:
    path = f"deployments/{floor.deployment.public_id}"

    assert api.post(f"{path}/pause").json()["status"] == "paused"
    assert api.post(f"{path}/resume").json()["status"] == "scheduled"


def test_archiving_waits_for_the_open_run(floor: Floor, api: Api) -> None:
    floor.run()

    problem = api.post(f"deployments/{floor.deployment.public_id}/archive")

    assert (problem.status_code, problem.json()["code"]) == (409, "run_open")


def test_an_idle_deployment_is_archived(floor: Floor, api: Api) -> None:
    assert api.post(f"deployments/{floor.deployment.public_id}/archive").json()["state"] == "archived"


def test_squaring_off_answers_at_once_with_the_run(floor: Floor, api: Api) -> None:
    run = floor.run(phase="RUNNING")

    answer = api.post(f"deployments/{floor.deployment.public_id}/square-off")

    assert (answer.status_code, answer.json()["id"]) == (202, run.public_id)
    assert answer["Location"] == f"/api/v1/runs/{run.public_id}"
    assert RunEvent.objects.get().data["kind"] == "SQUARE_OFF"


def test_nothing_open_is_a_conflict(floor: Floor, api: Api) -> None:
    problem = api.post(f"deployments/{floor.deployment.public_id}/square-off")

    assert (problem.status_code, problem.json()["code"]) == (409, "nothing_open")


def test_an_etag_saves_sending_what_is_known(floor: Floor, api: Api) -> None:
    path = f"/api/v1/deployments/{floor.deployment.public_id}"
    known = api.client.get(path)["ETag"]

    assert api.client.get(path, headers={"If-None-Match": known}).status_code == 304

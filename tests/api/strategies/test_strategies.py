from __future__ import annotations

from typing import Any

import pytest

from qlplatform.core.models import Workspace
from strategies.models import Strategy, StrategyVersion
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
def created(api: ApiClient) -> Any:
    answer = api.post("strategies", {"spec": straddle(), "client_ref": "desk-7"})
    assert answer.status_code == 201, answer.json()
    return answer


def test_the_bare_spec_is_accepted_as_it_stands(api: ApiClient) -> None:
    answer = api.post("strategies", straddle())

    assert answer.status_code == 201
    body = answer.json()
    assert answer["Location"] == f"/api/v1/strategies/{body['id']}"
    assert (body["name"], body["version"], body["client_ref"]) == ("0920 straddle", 1, "")
    assert body["spec"]["legs"][0]["stop"] == {"type": "PREMIUM_PCT", "value": "25"}
    assert body["sentences"][-1] == "Exit whatever is open at 15:15."


def test_numbers_are_taken_exactly_as_written(api: ApiClient) -> None:
    raw = b'{"name":"x","underlying":"NIFTY","entry_time":"09:20","exit_time":"15:15","legs":[{"side":"SELL",'
    raw += b'"right":"CE","lots":1,"strike_by":{"method":"ATM_OFFSET","offset":0},'
    raw += b'"stop":{"type":"PREMIUM_POINTS","value":0.30}}]}'

    assert api.post("strategies", raw).json()["spec"]["legs"][0]["stop"]["value"] == "0.3"


def test_every_finding_is_told_by_pointer(api: ApiClient) -> None:
    answer = api.post("strategies", straddle(exit_time="09:00", underlying="nifty?"))

    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert problem["code"] == "spec_invalid"
    assert {error["pointer"] for error in problem["errors"]} >= {"/underlying"}
    assert all(error["code"] and error["message"] for error in problem["errors"])
    assert not Strategy.objects.exists()


def test_pointers_lead_into_the_document_that_was_sent(api: ApiClient) -> None:
    problem = api.post("strategies", {"spec": straddle(legs=[])}).json()

    assert {error["pointer"] for error in problem["errors"]} == {"/spec/legs"}


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"[" * 200_000, b'{"spec": 5}', b"\xff",
     b'{"spec": {}, "x": 1}', b'{"spec": {}, "client_ref": 7}', b'{"spec": {}, "client_ref": "a\\u0000"}',
     b'"' + b"x" * 300_000 + b'"'],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_plainly(api: ApiClient, body: bytes) -> None:
    answer = api.post("strategies", body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed"
    assert not Strategy.objects.exists()


def test_a_client_ref_is_taken_once(api: ApiClient, created: Any) -> None:
    answer = api.post("strategies", {"spec": straddle(), "client_ref": "desk-7"})

    assert (answer.status_code, answer.json()["code"]) == (409, "client_ref_taken")


def test_the_same_key_creates_once(api: ApiClient) -> None:
    first = api.post("strategies", straddle(), **{"Idempotency-Key": "k"})
    again = api.post("strategies", straddle(), **{"Idempotency-Key": "k"})

    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Strategy.objects.count() == 1


def test_a_strategy_is_read_with_its_etag(api: ApiClient, created: Any) -> None:
    path = f"strategies/{created.json()['id']}"
    answer = api.get(path)

    assert (answer.json(), answer["ETag"]) == (created.json(), created["ETag"])
    assert api.get(path, **{"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_patch_makes_a_new_version(api: ApiClient, created: Any) -> None:
    path = f"strategies/{created.json()['id']}"
    answer = api.patch(path, straddle(name="Later", entry_time="09:30"), created["ETag"])

    assert answer.status_code == 200
    assert (answer.json()["version"], answer.json()["name"]) == (2, "Later")
    assert answer["ETag"] == api.get(path)["ETag"] != created["ETag"]
    listed = api.get(f"{path}/versions").json()["data"]
    assert [(v["number"], v["spec"]["entry_time"]) for v in listed] == [(2, "09:30"), (1, "09:20")]


def test_a_patch_needs_the_version_it_was_made_from(api: ApiClient, created: Any) -> None:
    path = f"strategies/{created.json()['id']}"
    assert api.patch(path, straddle(entry_time="09:30")).status_code == 428
    assert api.patch(path, straddle(entry_time="09:30"), '"other"').status_code == 412
    api.patch(path, straddle(entry_time="09:30"), created["ETag"])

    assert api.patch(path, straddle(entry_time="09:40"), created["ETag"]).status_code == 412
    assert StrategyVersion.objects.count() == 2


def test_a_bad_patch_changes_nothing(api: ApiClient, created: Any) -> None:
    answer = api.patch(f"strategies/{created.json()['id']}", straddle(legs=[]), created["ETag"])

    assert answer.status_code == 422
    assert StrategyVersion.objects.count() == 1


def test_lists_are_newest_first_and_paged(api: ApiClient) -> None:
    names = [api.post("strategies", straddle(name=f"S{n}")).json()["name"] for n in range(3)]
    first = api.get("strategies?limit=2").json()
    rest = api.get(f"strategies?limit=2&cursor={first['next_cursor']}").json()

    assert [row["name"] for row in first["data"] + rest["data"]] == names[::-1]
    assert (first["has_more"], rest["has_more"], rest["next_cursor"]) == (True, False, None)


def test_strategies_of_another_workspace_do_not_exist(created: Any) -> None:
    stranger = client_of(ledger.workspace())
    path = f"strategies/{created.json()['id']}"

    assert stranger.get("strategies").json()["data"] == []
    for answer in (
        stranger.get(path),
        stranger.get(f"{path}/versions"),
        stranger.patch(path, straddle(), "*"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_viewers_read_only(workspace: Workspace, created: Any) -> None:
    viewer = client_of(workspace, "viewer")

    assert viewer.get("strategies").status_code == 200
    assert viewer.post("strategies", straddle()).status_code == 403
    assert viewer.patch(f"strategies/{created.json()['id']}", straddle(), "*").status_code == 403


def test_without_a_key_nothing_is_told(db: None) -> None:
    assert ApiClient("ql_test_wrong").get("strategies").status_code == 401


def test_the_schema_of_specs_is_served(api: ApiClient) -> None:
    answer = api.get("strategy-schema")

    assert answer.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert api.get("strategy-schema", **{"If-None-Match": answer["ETag"]}).status_code == 304

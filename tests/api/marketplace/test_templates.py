from __future__ import annotations

import pytest

from execution.models import Deployment
from marketplace.models import Listing
from marketplace.seeding import seed_listings
from markets.seeding import seed_markets
from qlplatform.core.models import Workspace
from qlplatform.core.services import workspace_create
from tests.factories import ledger
from tests.factories.api import ApiClient, client_of

USE = "templates/iron-condor/use"


@pytest.fixture
def workspace(db: None) -> Workspace:
    seed_markets()
    seed_listings()
    return workspace_create(name="Desk", owner=ledger.member(ledger.workspace()))


@pytest.fixture
def api(workspace: Workspace) -> ApiClient:
    return client_of(workspace)


def test_published_templates_are_listed_with_texts_and_spec(api: ApiClient) -> None:
    rows = {row["slug"]: row for row in api.get("templates").json()["data"]}

    assert set(rows) == {"0920-short-straddle", "iron-condor", "strangle-with-trail"}
    condor = rows["iron-condor"]
    assert (condor["risk"], condor["suggested_capital"], condor["version"]) == ("medium", "100000.00", 1)
    assert [leg["side"] for leg in condor["spec"]["legs"]] == ["BUY", "BUY", "SELL", "SELL"]
    assert api.get("templates/iron-condor").json() == condor


def test_no_figure_of_past_performance_is_shown(api: ApiClient) -> None:
    assert set(api.get("templates/iron-condor").json()) == {
        "id", "slug", "title", "summary", "description", "works_when", "hurts_when", "category", "underlying",
        "risk", "suggested_capital", "version", "spec", "published_at",
    }  # fmt: skip


def test_drafts_and_retired_templates_do_not_exist(api: ApiClient) -> None:
    Listing.objects.filter(slug="iron-condor").update(state="retired")
    Listing.objects.filter(slug="strangle-with-trail").update(state="draft")

    assert [row["slug"] for row in api.get("templates").json()["data"]] == ["0920-short-straddle"]
    for slug in ("iron-condor", "strangle-with-trail", "nothing"):
        assert api.get(f"templates/{slug}").status_code == 404
        assert api.post(f"templates/{slug}/use", **{"Idempotency-Key": slug}).status_code == 404


def test_use_makes_one_paper_deployment_for_one_key(api: ApiClient, workspace: Workspace) -> None:
    first = api.post(USE, **{"Idempotency-Key": "k"})
    again = api.post(USE, **{"Idempotency-Key": "k"})

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    deployment = Deployment.objects.get()
    assert (first.json()["id"], first.json()["mode"]) == (deployment.public_id, "paper")
    assert first["Location"] == f"/api/v1/deployments/{deployment.public_id}"
    assert deployment.workspace == workspace


def test_use_without_a_key_is_refused(api: ApiClient) -> None:
    answer = api.post(USE)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")
    assert not Deployment.objects.exists()


def test_viewers_cannot_use(workspace: Workspace) -> None:
    answer = client_of(workspace, "viewer").post(USE, **{"Idempotency-Key": "k"})

    assert answer.status_code == 403
    assert not Deployment.objects.exists()

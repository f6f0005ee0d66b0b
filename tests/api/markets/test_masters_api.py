"""`/api/v1/masters`."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from markets.master.rows import Bad, MasterUnreadable
from tests.db.markets.masters import BROKER, TUESDAY, bring, call


def test_the_newest_import_of_every_source_is_listed(client: APIClient) -> None:
    bring(call())
    newest = bring(call(lot_size=75), day=TUESDAY)
    other = bring(call(), source=BROKER)
    listed = client.get("/api/v1/masters").json()["data"]
    assert [row["id"] for row in listed] == [other.public_id, newest.public_id]


def test_a_failed_import_does_not_hide_the_last_good_one(client: APIClient) -> None:
    good = bring(call())
    with pytest.raises(MasterUnreadable):
        bring(Bad(1, "ragged", "3 values", "a"), day=TUESDAY)
    listed = client.get("/api/v1/masters").json()["data"]
    assert [row["id"] for row in listed] == [good.public_id]
    every = client.get("/api/v1/masters?source=exchange").json()["data"]
    assert [row["state"] for row in every] == ["failed", "done"]


def test_one_import_in_full(client: APIClient) -> None:
    bring(call())
    master = bring(call(lot_size=75), Bad(2, "ragged", "3 values", "a,b"), day=TUESDAY)
    shown = client.get(f"/api/v1/masters/{master.public_id}").json()
    assert shown.pop("started_at")
    assert shown.pop("finished_at")
    assert shown == {
        "id": master.public_id,
        "source": "exchange",
        "day": "2026-11-17",
        "file_name": "rows",
        "state": "done",
        "rows": 2,
        "added": 0,
        "changed": 1,
        "unchanged": 0,
        "gone": 0,
        "skipped": 0,
        "quarantined": 1,
        "counts": {"lot_changed": 1, "quarantined": {"ragged": 1}},
        "message": "",
        "diff": {"lot_changed": [{"instrument": "NIFTY 24 NOV 25400 CE", "before": 65, "after": 75}]},
        "quarantine": [{"line": 2, "code": "ragged", "reason": "3 values", "text": "a,b"}],
    }


def test_an_unknown_source_has_no_imports(client: APIClient) -> None:
    bring(call())
    for source in ("nobody", "%00"):
        assert client.get(f"/api/v1/masters?source={source}").json()["data"] == []


@pytest.mark.parametrize("name", ["mst_none", "%00"])
def test_an_unknown_import_does_not_exist(client: APIClient, name: str) -> None:
    assert client.get(f"/api/v1/masters/{name}").status_code == 404


def test_strangers_see_no_imports() -> None:
    assert APIClient().get("/api/v1/masters").status_code == 401

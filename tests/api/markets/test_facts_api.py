"""`/api/v1/calendar`, `/underlyings`, `/charges/estimate`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

ORDER = {"segment": "INDEX_OPT", "exchange": "NSE", "side": "SELL", "qty": 65, "price": "120.00"}
IN_AND_OUT = [ORDER, ORDER | {"side": "BUY", "price": "80.00"}]


def estimate(client: APIClient, **body: Any) -> Any:
    return client.post(
        "/api/v1/charges/estimate", {"plan": "zerodha", "on": "2026-11-25"} | body, format="json"
    )


def test_the_shifted_monthly_expiry_of_november_2026(client: APIClient) -> None:
    answer = client.get("/api/v1/calendar?from=2026-11-23&to=2026-11-24").json()
    monday, tuesday = answer["data"]
    assert "NIFTY" in monday["expiring"]
    assert monday["sittings"] == [{"open": "2026-11-23T03:45:00Z", "close": "2026-11-23T10:10:00Z"}]
    assert (tuesday["kind"], tuesday["name"], tuesday["sittings"]) == ("holiday", "Guru Nanak Jayanti", [])


def test_an_expiring_contract_closes_earlier_from_7_december(client: APIClient) -> None:
    (day,) = client.get("/api/v1/calendar?from=2026-12-08&to=2026-12-08").json()["data"]
    assert (day["sittings"][0]["close"], day["expiring_close"]) == (
        "2026-12-08T10:15:00Z",
        "2026-12-08T10:00:00Z",
    )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-12-08&to=2026-12-07", "bad_range"),
        ("from=2026-01-01&to=2027-12-31", "bad_range"),
        ("from=tomorrow", "bad_date"),
        ("exchange=MCX", "bad_exchange"),
    ],
)
def test_an_unreadable_range_is_refused(client: APIClient, query: str, code: str) -> None:
    answer = client.get(f"/api/v1/calendar?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_nifty_in_full(client: APIClient) -> None:
    nifty = client.get("/api/v1/underlyings/nifty?on=2026-11-20").json()
    assert (nifty["freeze_qty"], nifty["tick"], nifty["strike_step"]) == (1800, "0.05", "50.00")
    monthly = next(row for row in nifty["contracts"] if row["expiry"] == "2026-11-23")
    assert (monthly["nominal"], monthly["monthly"], monthly["lot_size"]) == ("2026-11-24", True, 65)


def test_every_underlying_is_listed_once(client: APIClient) -> None:
    symbols = [row["symbol"] for row in client.get("/api/v1/underlyings").json()["data"]]
    assert symbols == sorted(set(symbols))
    assert {"NIFTY", "BANKNIFTY", "SENSEX"} <= set(symbols)


def test_an_unknown_underlying_does_not_exist(client: APIClient) -> None:
    assert client.get("/api/v1/underlyings/NOSUCH").status_code == 404


@pytest.mark.parametrize(
    ("mode", "adjustment", "total"), [("exact", "0.00", "64.52"), ("contract_note", "0.14", "64.66")]
)
def test_charges_in_both_ways_of_rounding(client: APIClient, mode: str, adjustment: str, total: str) -> None:
    answer = estimate(client, orders=IN_AND_OUT, rounding_mode=mode).json()
    assert (answer["exact"], answer["adjustment"], answer["total"]) == ("64.52", adjustment, total)
    assert [order["total"] for order in answer["orders"]] == ["38.58", "25.94"]


def test_an_exercise_is_charged_on_its_intrinsic_value(client: APIClient) -> None:
    answer = estimate(client, exercises=[{"intrinsic": "120.00", "qty": 65}]).json()
    assert answer["total"] == "11.70"


@pytest.mark.parametrize(
    "wrong",
    [
        {"orders": [ORDER | {"price": "-1.00"}]},
        {"orders": [ORDER | {"price": "NaN"}]},
        {"orders": [ORDER | {"qty": 0}]},
        {"orders": [ORDER | {"qty": 10**30}]},
        {"orders": [ORDER | {"segment": "GOLD"}]},
        {"orders": [ORDER] * 1_001},
        {"rounding_mode": "generous"},
        {"on": "yesterday"},
    ],
    ids=lambda body: json.dumps(body)[:40],
)
def test_what_cannot_be_charged_is_told(client: APIClient, wrong: dict[str, Any]) -> None:
    answer = estimate(client, **wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_plan_nobody_has_is_named(client: APIClient) -> None:
    answer = estimate(client, plan="nobody", orders=[ORDER])
    assert (answer.status_code, answer.json()["code"]) == (422, "fact_missing")

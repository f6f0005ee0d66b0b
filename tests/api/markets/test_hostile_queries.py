"""Queries nobody means well: refused in words, never an error of the server."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from markets.services import index_instrument

NUL = "%00"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("chain/NIFTY?strikes=000001" + "9" * 5_000, 400, "bad_strikes"),
        ("chain/NIFTY?expiry=9999-12-31", 400, "bad_date"),
        (f"chain/NIFTY?market={NUL}", 404, "not_found"),
        (f"chain/NIFTY/summary?market={NUL}", 404, "not_found"),
        (f"candles?instrument={NUL}&from=2024-01-10T03:45:00Z&to=2024-01-11T03:45:00Z", 404, "not_found"),
        ("candles?instrument=x&from=0001-01-01T00:00:00%2B05:30", 400, "bad_time"),
        ("candles?instrument=x&from=9999-12-31T23:00:00-05:30", 400, "bad_time"),
        ("recordings?to=0001-01-01", 400, "bad_date"),
        ("calendar?from=9999-12-31", 400, "bad_date"),
        ("calendar?from=0001-01-01", 400, "bad_date"),
        ("underlyings?on=0001-01-01", 400, "bad_date"),
        ("underlyings?on=9999-12-31", 400, "bad_date"),
        ("underlyings/NIFTY?on=9999-12-31", 400, "bad_date"),
    ],
)
def test_it_is_refused_in_words(client: APIClient, path: str, status: int, code: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("year", [1971, 2199])
def test_the_first_and_last_years_are_answered(client: APIClient, year: int) -> None:
    index = index_instrument("NIFTY").public_id
    for path in (
        f"calendar?from={year}-12-31&to={year}-12-31",
        f"underlyings?on={year}-12-31",
        f"underlyings/NIFTY?on={year}-12-31",
        f"recordings?to={year}-12-31",
        f"candles?instrument={index}&from={year}-12-30T00:00:00Z&to={year}-12-31T23:59:00Z",
    ):
        assert client.get(f"/api/v1/{path}").status_code == 200, path

"""The supervisor's table is read whatever its shape; rubbish reads as nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from qlplatform.web.selectors import live_url
from qlplatform.web.status import rows_by_role

ROW = {"role": "feed", "state": "running"}


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ({"feed": {"state": "running"}}, ["feed"]),
        ({"roles": {"feed": {"state": "running"}}}, ["feed"]),
        ({"roles": [ROW]}, ["feed"]),
        ([ROW, 3, {"x": 1}], ["feed"]),
        ("nonsense", []),
        (None, []),
    ],
)
def test_rows_by_role(rows: Any, names: list[str]) -> None:
    assert list(rows_by_role(rows)) == names


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("localhost:8000", "ws://localhost:8001/ws/v1/live/"),
        ("127.0.0.1", "ws://127.0.0.1:8001/ws/v1/live/"),
        ("[::1]:8000", "ws://[::1]:8001/ws/v1/live/"),
        ("[::1]", "ws://[::1]:8001/ws/v1/live/"),
    ],
)
def test_the_live_socket_is_on_the_page_s_own_host(host: str, url: str, settings: Settings) -> None:
    settings.QL_LIVE_ORIGIN, settings.QL_LIVE_PORT = "", 8001
    assert live_url(host) == url


def test_a_configured_live_origin_wins(settings: Settings) -> None:
    settings.QL_LIVE_ORIGIN = "wss://ql.example.org"
    assert live_url("localhost:8000") == "wss://ql.example.org/ws/v1/live/"

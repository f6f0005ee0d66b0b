"""The venue's HTTP face: who may call, and what it answers to requests that make no sense."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from brokers.errors import NotSent
from brokers.sandbox import wire
from brokers.sandbox.desk import Desk
from brokers.sandbox.feed import HttpFeed
from brokers.sandbox.venue import Venue
from markets import quotes
from tests.contract.brokers.exchanges import ServerThread
from tests.factories.stage import Stage


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    return Stage()


@pytest.fixture
def server(stage: Stage) -> Iterator[ServerThread]:
    thread = ServerThread(Desk(Venue()))
    yield thread
    thread.stop()


def ask(
    server: ServerThread, method: str, path: str, body: bytes = b"", token: str | None = None
) -> tuple[int, dict[str, object]]:
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=5)
    try:
        connection.request(
            method, path, body, {wire.TOKEN_HEADER: wire.venue_token() if token is None else token}
        )
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    return response.status, json.loads(text) if text.startswith(b"{") else {}


def test_a_caller_without_the_token_is_refused(server: ServerThread) -> None:
    status, body = ask(server, "GET", "/orders?account=x", token="wrong")  # noqa: S106
    assert (status, body["code"]) == (502, "bad_token")


def test_anyone_may_ask_whether_it_lives(server: ServerThread) -> None:
    assert ask(server, "GET", "/healthz", token="") == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/orders", b"{"),
        ("POST", "/orders", b"{}"),
        ("GET", "/orders", b""),
        ("GET", "/orders/by-tag?account=x", b""),
        ("POST", "/markets/1/prices", b"no snapshot"),
    ],
)
def test_a_request_that_cannot_be_read_is_malformed(
    server: ServerThread, method: str, path: str, body: bytes
) -> None:
    status, answer = ask(server, method, path, body)
    assert (status, answer["code"]) == (400, "malformed")


def test_prices_of_another_market_than_the_address_are_refused(server: ServerThread, stage: Stage) -> None:
    body = quotes.pack(stage.next_snapshot({stage.call: 10_000}))
    assert ask(server, "POST", f"/markets/{stage.market.pk + 1}/prices", body)[0] == 400


def test_an_unknown_account_is_rejected(server: ServerThread) -> None:
    status, body = ask(server, "GET", "/orders?account=acc_nobody")
    assert (status, body["kind"], body["code"]) == (422, "Rejected", "unknown_account")


def test_an_ordinary_venue_takes_no_scenarios(server: ServerThread) -> None:
    assert ask(server, "POST", "/scenario", b"{}")[0] == 404


def test_an_unforeseen_failure_leaves_the_outcome_open(server: ServerThread) -> None:
    status, body = ask(server, "POST", "/markets/999999/close")
    assert (status, body["code"]) == (500, "internal")


def test_a_feed_without_a_venue_may_try_again(stage: Stage, server: ServerThread) -> None:
    feed = HttpFeed(server.url, "wrong")
    with pytest.raises(NotSent):
        feed.price_event(stage.next_snapshot({stage.call: 10_000}))
    feed.close()
    nowhere = HttpFeed("http://127.0.0.1:9", wire.venue_token())
    with pytest.raises(NotSent):
        nowhere.session_close(stage.market.pk)

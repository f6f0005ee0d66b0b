"""How a price feed talks to the venue: synchronous, because it goes on only when the answer is there."""

from __future__ import annotations

import http.client
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.db import Error as DbError

from brokers.errors import NotSent
from brokers.sandbox import wire
from brokers.sandbox.embedded import embedded_desk
from brokers.sandbox.venue import Venue
from markets import quotes
from markets.quotes import Snapshot

TIMEOUT_S = 10.0


class VenueFeed(Protocol):
    """Both calls may be repeated after NotSent: the venue ignores what it already knows."""

    def price_event(self, snapshot: Snapshot) -> int:
        """Give the newest prices; answers, once committed, how many working orders they filled."""
        ...

    def session_close(self, market_id: int) -> int:
        """End the market's session; answers how many working orders were filled or expired."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...


class InProcessFeed:
    """To the venue embedded in this process, in the caller's thread."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue

    def price_event(self, snapshot: Snapshot) -> int:
        """Give the newest prices."""
        try:
            return self._venue.price_event(snapshot)
        except DbError as error:
            raise NotSent("The exchange lost its database; give it the prices again.") from error

    def session_close(self, market_id: int) -> int:
        """End the market's session."""
        try:
            return self._venue.session_close(market_id)
        except DbError as error:
            raise NotSent("The exchange lost its database; close the session again.") from error

    def close(self) -> None:
        """Nothing to give back."""


class HttpFeed:
    """To role `venue` over one kept connection; not shared between threads."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port, timeout=TIMEOUT_S
        )
        self._headers = {wire.TOKEN_HEADER: token}

    def price_event(self, snapshot: Snapshot) -> int:
        """Give the newest prices."""
        answer = self._post(f"/markets/{snapshot.market_id}/prices", quotes.pack(snapshot))
        return int(answer["filled"])

    def session_close(self, market_id: int) -> int:
        """End the market's session."""
        return int(self._post(f"/markets/{market_id}/close", b"")["ended"])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _post(self, path: str, body: bytes) -> Any:
        try:
            status, answer = self._exchange(path, body)
        except (OSError, http.client.HTTPException) as error:
            raise NotSent("The simulated exchange (role venue) does not answer.") from error
        if status != HTTPStatus.OK:
            raise NotSent(wire.load_error(status, answer).message)
        return wire.load(answer)

    def _exchange(self, path: str, body: bytes) -> tuple[int, bytes]:
        """One request; on a kept connection that turns out to be closed, once more on a new one."""
        try:
            return self._ask(path, body)
        except (ConnectionError, http.client.HTTPException):
            return self._ask(path, body)

    def _ask(self, path: str, body: bytes) -> tuple[int, bytes]:
        try:
            self._connection.request("POST", path, body=body, headers=self._headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise


def open_feed() -> VenueFeed:
    """To the embedded venue when this process has one, else to role `venue`."""
    desk = embedded_desk()
    return HttpFeed(wire.venue_url(), wire.venue_token()) if desk is None else InProcessFeed(desk.venue)

"""A browser's and an API client's end of the live socket (channels' test client needs daphne)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.test import Client

from qlplatform.core.models import User
from qlplatform.routing import websocket

PAGE = b"http://localhost:8000"
PATIENCE_S = 20


def cookie_of(user: User) -> bytes:
    """The cookie header of a signed-in browser."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}".encode()


class Socket:
    """One connection."""

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {"type": "websocket", "path": "/ws/v1/live/", "headers": headers, "subprotocols": []}
        self.wire = ApplicationCommunicator(websocket, scope)

    async def connect(self) -> bool:
        """Whether the server accepts."""
        await self.wire.send_input({"type": "websocket.connect"})
        answer = await self.wire.receive_output(PATIENCE_S)
        return bool(answer["type"] == "websocket.accept")

    async def hear(self) -> Any:
        """The next message that is no heartbeat."""
        while True:
            output = await self.wire.receive_output(PATIENCE_S)
            message = orjson.loads(output["text"])
            if message.get("type") != "heartbeat":
                return message

    async def closed_with(self) -> int:
        """The code the server closes with."""
        output = await self.wire.receive_output(PATIENCE_S)
        assert output["type"] == "websocket.close"
        return int(output["code"])

    async def say(self, message: Any) -> None:
        await self.wire.send_input({"type": "websocket.receive", "text": orjson.dumps(message).decode()})

    async def leave(self) -> None:
        await self.wire.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wire.wait(PATIENCE_S)


def browser(cookie: bytes = b"", origin: bytes = PAGE) -> Socket:
    return Socket([(b"origin", origin), (b"cookie", cookie)])


def program(cookie: bytes = b"") -> Socket:
    """An API client: no Origin."""
    return Socket([(b"cookie", cookie)])


@asynccontextmanager
async def opened(socket: Socket) -> AsyncIterator[Socket]:
    assert await socket.connect()
    try:
        yield socket
    finally:
        await socket.leave()

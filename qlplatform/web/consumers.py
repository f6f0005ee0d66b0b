"""`/ws/v1/live/`: the one socket of a page. Close codes: 4001 sign in, 4003 no workspace, 4008 too slow."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any
from urllib.parse import urlsplit

import orjson
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError
from django.http.request import validate_host
from redis.exceptions import RedisError

from qlplatform.core.actors import SESSION_WORKSPACE, membership_of
from qlplatform.core.models import Membership, User
from qlplatform.core.selectors import facts_since
from qlplatform.core.services import api_key_check
from qlplatform.web.chain_topics import MOST_CHANNELS
from qlplatform.web.hub import Topic, hub
from qlplatform.web.outgoing import Outgoing

SIGN_IN, NO_WORKSPACE, TOO_SLOW, TRY_AGAIN = 4001, 4003, 4008, 1013
AUTH_WITHIN_S = 5.0
CHECK_EVERY_S = 60.0
MAX_MESSAGE = 8_192

LOCAL_HOSTS = [".localhost", "127.0.0.1", "[::1]"]


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels ships no types
    """A page has its session and an Origin of ours; an API client, without Origin, sends its key first."""

    topic: Topic | None = None

    async def connect(self) -> None:
        self.outgoing = Outgoing()
        self.tasks: list[asyncio.Task[None]] = []
        origin = dict(self.scope["headers"]).get(b"origin")
        if origin is not None and not origin_allowed(origin.decode("latin-1")):
            await self.close()
            return
        await self.accept()
        if origin is None:
            self.tasks.append(asyncio.create_task(self._expect_auth()))
        else:
            await self._enter(await database_sync_to_async(_session_workspace)(self.scope))
            self.tasks.append(asyncio.create_task(self._watch_session()))

    async def disconnect(self, code: int) -> None:
        for task in self.tasks:
            task.cancel()
        hub().chains.leave(self.outgoing)
        if self.topic is not None:
            hub().leave(self.topic, self.outgoing)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = _read(text_data)
        op = message.get("op")
        handlers = {
            "auth": self._auth,
            "resume": self._resume,
            "ping": self._ping,
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
        }
        handler = handlers.get(str(op))
        if handler is None:
            await self._reply(op, error="malformed")
        else:
            await handler(message)

    async def _auth(self, message: dict[str, Any]) -> None:
        if self.topic is not None:
            await self._reply("auth", error="conflict")
            return
        workspace_id = await database_sync_to_async(_key_workspace)(str(message.get("token", "")))
        if workspace_id is None:
            await self.close(SIGN_IN)
            return
        await self._reply("auth")
        await self._enter(workspace_id)

    async def _resume(self, message: dict[str, Any]) -> None:
        """Send the facts after `after_seq` again, or a new snapshot when that is too long ago."""
        seq = message.get("after_seq")
        if self.topic is None or not isinstance(seq, int) or not 0 <= seq < 2**63:
            await self._reply("resume", error="malformed")
            return
        facts = await database_sync_to_async(facts_since)(self.topic.workspace_id, seq)
        await self._reply("resume")
        if facts is None:
            self.outgoing.put(self.topic.snapshot())
        for fact in facts or []:
            self.outgoing.put(orjson.dumps(fact).decode())

    async def _ping(self, message: dict[str, Any]) -> None:
        await self._reply("ping")

    async def _subscribe(self, message: dict[str, Any]) -> None:
        """Show the chains of these channels. All or nothing: an unknown one is named and none is
        subscribed.
        """
        channels = _channels(message)
        if self.topic is None or channels is None:
            await self._reply("subscribe", error="malformed")
            return
        chains = hub().chains
        if len(channels) > MOST_CHANNELS:  # before any is looked up
            await self._reply("subscribe", error="too_many_channels")
            return
        found = [await chains.find(self.topic.workspace_id, channel) for channel in channels]
        unknown = [channel for channel, address in zip(channels, found, strict=True) if address is None]
        if unknown:
            await self._reply("subscribe", error="unknown_channel", channel=unknown[0])
        elif chains.watched(self.outgoing) + len(channels) > MOST_CHANNELS:
            await self._reply("subscribe", error="too_many_channels")
        else:
            await self._reply("subscribe", channels=channels)
            for address in filter(None, found):
                await chains.join(address, self.outgoing)

    async def _unsubscribe(self, message: dict[str, Any]) -> None:
        channels = _channels(message)
        if channels is None:
            await self._reply("unsubscribe", error="malformed")
            return
        for channel in channels:
            hub().chains.leave(self.outgoing, channel)
        await self._reply("unsubscribe", channels=channels)

    async def _reply(self, op: object, error: str = "", **told: Any) -> None:
        answer: dict[str, Any] = {"op": op, "ok": not error, **({"code": error} if error else {}), **told}
        await self.send(text_data=orjson.dumps(answer).decode())

    async def _enter(self, workspace_id: int | None) -> None:
        if workspace_id is None:
            signed_in = getattr(self.scope.get("user"), "is_authenticated", False)
            await self.close(NO_WORKSPACE if signed_in else SIGN_IN)
            return
        try:
            self.topic = await hub().join(workspace_id, self.outgoing)
        except (RedisError, DatabaseError):
            await self.close(TRY_AGAIN)
            return
        self.tasks.append(asyncio.create_task(self._write(self.topic)))

    async def _write(self, topic: Topic) -> None:
        with contextlib.suppress(OSError):  # the reader is gone; `disconnect` is on its way
            while await self.outgoing.news.wait() and not self.outgoing.too_slow:
                for text in self.outgoing.take(topic.delta_frame):
                    await self.send(text_data=text)
            await self.close(TOO_SLOW)

    async def _expect_auth(self) -> None:
        await asyncio.sleep(AUTH_WITHIN_S)
        if self.topic is None:
            await self.close(SIGN_IN)

    async def _watch_session(self) -> None:
        """Signing out, being locked out or leaving the workspace ends the socket within a minute."""
        while True:
            await asyncio.sleep(CHECK_EVERY_S)
            workspace_id = await database_sync_to_async(_session_workspace)(self.scope)
            if self.topic is None or workspace_id != self.topic.workspace_id:
                await self.close(SIGN_IN)
                return


def origin_allowed(origin: str) -> bool:
    """Whether a page of this origin is ours: its host is one this installation answers to."""
    hosts = settings.ALLOWED_HOSTS or (LOCAL_HOSTS if settings.DEBUG else [])
    with contextlib.suppress(ValueError):
        host = urlsplit(origin).hostname or ""
        return validate_host(f"[{host}]" if ":" in host else host, hosts)
    return False


def _read(text: str | None) -> dict[str, Any]:
    """A client's message; anything else than a small JSON object reads as empty."""
    with contextlib.suppress(orjson.JSONDecodeError):
        message = orjson.loads(text) if text and len(text) <= MAX_MESSAGE else {}
        return message if isinstance(message, dict) else {}
    return {}


def _channels(message: dict[str, Any]) -> list[str] | None:
    """The channels an op names, None unless they are a list of texts."""
    channels = message.get("channels")
    if not isinstance(channels, list) or not all(isinstance(name, str) for name in channels):
        return None
    return list(dict.fromkeys(channels))


def _session_workspace(scope: dict[str, Any]) -> int | None:
    """The workspace of the signed-in session as it is now, or None."""
    user, session = scope.get("user"), scope.get("session")
    if session is None or not session.session_key or not session.exists(session.session_key):
        return None
    person = User.objects.filter(pk=getattr(user, "pk", None) or 0, is_active=True).first()
    membership = membership_of(person, session.get(SESSION_WORKSPACE)) if person else None
    return membership.workspace_id if membership else None


def _key_workspace(token: str) -> int | None:
    api_key = api_key_check(plain=token)
    if api_key is None:
        return None
    member = Membership.objects.filter(workspace_id=api_key.workspace_id, user_id=api_key.user_id)
    return api_key.workspace_id if member.exists() else None

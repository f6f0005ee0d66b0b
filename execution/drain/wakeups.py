"""Waiting for NOTIFY on a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import psycopg
from django.db import connection


class Wakeups:
    """`async with Wakeups(channels) as w: await w.wait(seconds)` returns early at an announcement."""

    def __init__(self, channels: Sequence[str]) -> None:
        self._channels = channels
        self._news = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        params = connection.get_connection_params()
        names = ("host", "port", "user", "password", "dbname")
        self._conn = await psycopg.AsyncConnection.connect(
            autocommit=True, **{name: params[name] for name in names if params.get(name)}
        )
        for channel in self._channels:
            await self._conn.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel)))
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        if self._reader is not None:
            self._reader.cancel()
        await self._conn.close()

    async def wait(self, seconds: float) -> None:
        """Return at an announcement, or after `seconds`. OperationalError when the connection is gone."""
        if self._reader is not None and self._reader.done():
            self._reader.result()
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except TimeoutError:
            return
        finally:
            self._news.clear()

    async def _read(self) -> None:
        async for _ in self._conn.notifies():
            self._news.set()

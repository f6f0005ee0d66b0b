"""Leases on shards: one owner sends the orders of a shard; a taking raises its epoch."""

from __future__ import annotations

import os
import socket
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

LEASE_S = 2.0
RENEW_S = 0.5
SEND_SHARE = 0.8
"""Orders leave only within this share of the lease: a frozen owner must not send after somebody took over."""

_TAKE = """
UPDATE execution_shardlease
SET owner = %(owner)s, epoch = epoch + 1, until = now() + %(lease)s * interval '1 second'
WHERE shard = ANY(%(shards)s) AND owner <> %(owner)s
  AND (until IS NULL OR until < now() OR owner = ANY(%(dead)s))
RETURNING shard, epoch
"""
_RENEW = """
UPDATE execution_shardlease SET until = now() + %(lease)s * interval '1 second'
WHERE shard = ANY(%(shards)s) AND owner = %(owner)s RETURNING shard
"""
_RELEASE = "UPDATE execution_shardlease SET owner = '', until = NULL WHERE owner = %(owner)s"


def new_owner() -> str:
    """A token naming this process, so that others on the same host can see whether it is alive."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


@dataclass(slots=True)
class Lease:
    """The shards this owner holds. Times are the monotonic clock, taken before the database was asked."""

    owner: str = field(default_factory=new_owner)
    epochs: dict[int, int] = field(default_factory=dict)
    sure_until: float = 0.0

    @property
    def shards(self) -> list[int]:
        return sorted(self.epochs)

    def may_send(self, shard: int, epoch: int) -> bool:
        """True while it is certain that nobody else may own the shard: checked right before each send."""
        return self.epochs.get(shard) == epoch and time.monotonic() < self.sure_until

    def take(self, wanted: Collection[int]) -> list[int]:
        """Take the free shards among `wanted`; returns those newly taken."""
        begun = time.monotonic()
        held = bool(self.epochs)
        taken = self._run(_TAKE, shards=list(wanted), dead=dead_owners())
        self.epochs |= dict(taken)
        if taken and not held:  # what is held already is as sure as its last renewal made it, not surer
            self._sure(begun)
        return [shard for shard, _ in taken]

    def renew(self) -> None:
        """Hold on to what is held; shards lost to another owner are forgotten."""
        begun = time.monotonic()
        kept = {row[0] for row in self._run(_RENEW, shards=self.shards)}
        self.epochs = {shard: epoch for shard, epoch in self.epochs.items() if shard in kept}
        self._sure(begun)

    def release(self) -> None:
        """Give everything back at once."""
        with connection.cursor() as cursor:
            cursor.execute(_RELEASE, {"owner": self.owner})
        self.epochs = {}
        self.sure_until = 0.0

    def _sure(self, begun: float) -> None:
        self.sure_until = begun + LEASE_S * SEND_SHARE

    def _run(self, sql: str, **params: list[Any]) -> list[tuple[int, int]]:
        with connection.cursor() as cursor:
            values: dict[str, Any] = {"owner": self.owner, "lease": LEASE_S, **params}
            cursor.execute(sql, values)
            return list(cursor.fetchall())


def dead_owners() -> list[str]:
    """Owners of this host whose process is gone: their shards need not wait for the lease to run out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT owner FROM execution_shardlease WHERE owner <> ''")
        owners = [row[0] for row in cursor.fetchall()]
    return [owner for owner in owners if _is_dead(owner)]


def _is_dead(owner: str) -> bool:
    host, pid, _ = owner.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False

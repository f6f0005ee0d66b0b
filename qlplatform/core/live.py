"""Telling the screens. State is rebuildable and conflated; facts come from the outbox and are never dropped.

One Redis channel, `key("live")`; a message is JSON {"w": workspace id, "k": "values" | "fact", "d": ...}.
The newest values are also in the hash `key("live", "values", workspace id)`: the snapshot of a new socket.
"""

from __future__ import annotations

from typing import Any

import orjson

from qlplatform.core.redis import client, key

Value = str | int | None

DAY_S = 86_400


def live_channel() -> str:
    """The name of the Redis channel all screens of this installation are fed by."""
    return key("live")


def push_values(workspace_id: int, values: dict[str, Value]) -> None:
    """Publish state values of a workspace (flat keys such as `acct.net`); `None` takes a key off the screens.

    Losing Redis loses screen updates, not trades: callers in the trading path may ignore redis.RedisError.
    """
    if not values:
        return
    stored: Any = {name: orjson.dumps(value) for name, value in values.items() if value is not None}
    gone = [name for name, value in values.items() if value is None]
    home = key("live", "values", workspace_id)
    pipe = client().pipeline(transaction=True)
    if stored:
        pipe.hset(home, mapping=stored)
        pipe.expire(home, DAY_S)
    if gone:
        pipe.hdel(home, *gone)
    pipe.publish(live_channel(), orjson.dumps({"w": workspace_id, "k": "values", "d": values}))
    pipe.execute()


def push_fact(workspace_id: int, envelope: dict[str, Any]) -> None:
    """Publish a fact in the envelope of the API to the sockets of a workspace."""
    client().publish(live_channel(), orjson.dumps({"w": workspace_id, "k": "fact", "d": envelope}))


def values_of(workspace_id: int) -> dict[str, Value]:
    """The newest values of a workspace: what a page shows before its socket is open."""
    stored: dict[bytes, bytes] = client().hgetall(key("live", "values", workspace_id))  # type: ignore[assignment]
    return {name.decode(): orjson.loads(value) for name, value in stored.items()}

"""The live channel of a chain: a snapshot first, then what changed; only for those who may see the market."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from execution.services.replays import workspace_prepare
from markets.models import Market
from markets.seeding import seed_markets
from markets.selectors import reload_facts
from qlplatform.core.models import Membership, User, Workspace
from qlplatform.core.redis import client, key
from qlplatform.core.relay import relay_batch
from qlplatform.web.hub import hub
from tests.db.core.sockets import Socket, browser, cookie_of, opened, program
from tests.factories.chains import option, play_to, replay_at

pytestmark = pytest.mark.django_db(transaction=True)

NEAR = "chain:NIFTY:2022-06-09"


@pytest.fixture
def desk() -> Iterator[Workspace]:
    seed_markets()
    workspace = Workspace.objects.create(name="Asha")
    workspace_prepare(workspace)
    yield workspace
    reload_facts()
    for name in client().scan_iter(f"{key('')}*"):
        client().unlink(name)


@pytest.fixture
def market(desk: Workspace) -> Market:
    return replay_at(desk, 90)


@pytest.fixture
def cookie(desk: Workspace, market: Market) -> bytes:
    user = User.objects.create_user("asha@example.com", "secret")
    Membership.objects.create(workspace=desk, user=user, role="owner")
    relay_batch()
    return cookie_of(user)


@pytest.fixture(autouse=True)
async def quiet_end() -> AsyncIterator[None]:
    yield
    await hub().stop()
    await sync_to_async(connections.close_all)()


play = sync_to_async(play_to)


async def subscribe(socket: Socket, *channels: Any) -> Any:
    """The answer to a subscription; the first snapshot of the workspace is heard before."""
    assert (await socket.hear())["type"] == "portfolio.snapshot"
    await socket.say({"op": "subscribe", "channels": list(channels)})
    return await socket.hear()


def rows_of(message: Any) -> dict[str, dict[str, Any]]:
    names, rows = message["data"]["f"], message["data"]["r"]
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


async def test_a_snapshot_first_then_only_what_changed(cookie: bytes, market: Market) -> None:
    call = await sync_to_async(option)(16400)
    async with opened(browser(cookie)) as socket:
        assert await subscribe(socket, NEAR) == {"op": "subscribe", "ok": True, "channels": [NEAR]}
        first = await socket.hear()
        assert (first["type"], first["seq"], first["data"]["channel"]) == ("chain.snapshot", 90, NEAR)
        assert len(rows_of(first)) > 60
        await play(market, 91)
        after = await socket.hear()
    assert (after["type"], after["seq"]) == ("chain.delta", 91)
    assert after["data"]["head"]["at"] == "2022-06-08T05:16:00Z"
    before, now = rows_of(first), rows_of(after)
    assert all(before[name] != row for name, row in now.items())
    assert 0 < len(now) <= len(before)
    assert rows_of(first)[call.public_id]["ltp"] is not None


async def test_an_unsubscribed_chain_is_heard_no_more_and_not_computed(cookie: bytes, market: Market) -> None:
    async with opened(browser(cookie)) as socket:
        await subscribe(socket, NEAR)
        await socket.hear()
        await socket.say({"op": "unsubscribe", "channels": [NEAR]})
        assert await socket.hear() == {"op": "unsubscribe", "ok": True, "channels": [NEAR]}
        assert not hub().chains.topics
        await play(market, 91)
        await socket.say({"op": "ping"})
        assert (await socket.hear())["op"] == "ping"


async def test_the_market_may_be_named(cookie: bytes, market: Market) -> None:
    channel = f"{NEAR}:{market.public_id}"
    async with opened(browser(cookie)) as socket:
        assert (await subscribe(socket, channel))["ok"]
        assert (await socket.hear())["data"]["channel"] == channel


@pytest.mark.parametrize(
    "channel",
    ["chain:GOLD:2022-06-09", "chain:NIFTY:2022-06-10", "chain:NIFTY:soon", "chain:NIFTY:2022-13-99",
     "weather", f"{NEAR}:mkt_none", f"{NEAR}:", "chain:nifty:2022-06-09"],
)  # fmt: skip
async def test_an_unknown_channel_is_named(cookie: bytes, market: Market, channel: str) -> None:
    async with opened(browser(cookie)) as socket:
        answer = await subscribe(socket, NEAR, channel)
        assert answer == {"op": "subscribe", "ok": False, "code": "unknown_channel", "channel": channel}
        assert not hub().chains.topics


@pytest.mark.parametrize("channels", [None, "chain", [1], [["chain"]], {"a": 1}])
async def test_channels_are_a_list_of_names(cookie: bytes, market: Market, channels: Any) -> None:
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        for op in ("subscribe", "unsubscribe"):
            await socket.say({"op": op, "channels": channels})
            assert await socket.hear() == {"op": op, "ok": False, "code": "malformed"}


async def test_anothers_replay_cannot_be_watched(cookie: bytes, market: Market) -> None:
    other = await sync_to_async(Workspace.objects.create)(name="Ravi")
    theirs = await sync_to_async(replay_at)(other, 5)
    async with opened(browser(cookie)) as socket:
        assert (await subscribe(socket, f"{NEAR}:{theirs.public_id}"))["code"] == "unknown_channel"


async def test_nobody_watches_before_signing_in(desk: Workspace, market: Market) -> None:
    async with opened(program()) as socket:
        await socket.say({"op": "subscribe", "channels": [NEAR]})
        assert await socket.hear() == {"op": "subscribe", "ok": False, "code": "malformed"}


async def test_a_socket_watches_so_many_chains_and_no_more(cookie: bytes, market: Market) -> None:
    names = [f"{NEAR}:{market.public_id}", NEAR]
    async with opened(browser(cookie)) as socket:
        assert (await subscribe(socket, *names))["ok"]
        hub().chains.watched = lambda _: 8  # type: ignore[method-assign]
        for _ in names:
            await socket.hear()
        await socket.say({"op": "subscribe", "channels": [NEAR]})
        assert await socket.hear() == {"op": "subscribe", "ok": False, "code": "too_many_channels"}


async def test_who_leaves_is_forgotten(cookie: bytes, market: Market) -> None:
    async with opened(browser(cookie)) as socket:
        await subscribe(socket, NEAR)
        await socket.hear()
        assert len(hub().chains.topics) == 1
    assert not hub().chains.topics

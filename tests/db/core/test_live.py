"""The live socket on real Redis: who gets in, snapshot first, conflated state, facts never lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from qlplatform.core.live import push_values
from qlplatform.core.models import User, Workspace
from qlplatform.core.outbox import publish
from qlplatform.core.redis import client
from qlplatform.core.relay import relay_batch
from qlplatform.core.services import api_key_create
from qlplatform.core.tenancy import Actor
from qlplatform.web import consumers, outgoing
from qlplatform.web.hub import hub, hub_name
from tests.db.core.sockets import browser, cookie_of, opened, program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_keys", "news_read")]


@pytest.fixture
def news_read(workspace: Workspace, other_workspace: Workspace) -> None:
    """The news of the new workspaces are sent."""
    relay_batch()


@pytest.fixture
def cookie(owner: User) -> bytes:
    return cookie_of(owner)


@pytest.fixture(autouse=True)
async def quiet_end() -> AsyncIterator[None]:
    """The hub stops, and the thread of async database work gives its connection back."""
    yield
    await hub().stop()
    await sync_to_async(connections.close_all)()


@sync_to_async
def tell(workspace: Workspace, *types: str) -> None:
    for type in types:
        publish(type, workspace_id=workspace.pk, data={})
    relay_batch()


push = sync_to_async(push_values)


async def test_a_foreign_page_is_refused(cookie: bytes) -> None:
    connected = await browser(cookie, origin=b"https://evil.example").connect()
    assert not connected


async def test_nobody_is_asked_to_sign_in() -> None:
    async with opened(browser()) as socket:
        assert await socket.closed_with() == consumers.SIGN_IN


async def test_a_cookie_without_origin_does_not_count(monkeypatch: pytest.MonkeyPatch, cookie: bytes) -> None:
    monkeypatch.setattr(consumers, "AUTH_WITHIN_S", 0.01)
    async with opened(program(cookie)) as socket:
        assert await socket.closed_with() == consumers.SIGN_IN


async def test_a_member_of_nothing_has_nothing_to_see() -> None:
    loner = await sync_to_async(User.objects.create_user)("loner@example.com")
    async with opened(browser(await sync_to_async(cookie_of)(loner))) as socket:
        assert await socket.closed_with() == consumers.NO_WORKSPACE


async def test_snapshot_first(cookie: bytes, workspace: Workspace) -> None:
    await push(workspace.pk, {"acct.net": "1.00", "acct.lots": 4, "gone": "x"})
    await push(workspace.pk, {"acct.net": "2.00", "gone": None})
    async with opened(browser(cookie)) as socket:
        first = await socket.hear()
    assert (first["type"], first["v"]) == ("portfolio.snapshot", 1)
    assert first["data"] == {"values": {"acct.net": "2.00", "acct.lots": 4}}


async def test_changes_are_conflated(cookie: bytes, workspace: Workspace) -> None:
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        for net in range(50):
            await push(workspace.pk, {"acct.net": f"{net}.00", "acct.lots": 4})
        frames = [await socket.hear()]
        while frames[-1]["data"]["values"].get("acct.net") != "49.00":
            frames.append(await socket.hear())
    assert {frame["type"] for frame in frames} == {"portfolio.delta"}
    assert len(frames) < 25
    assert sum("acct.lots" in frame["data"]["values"] for frame in frames) == 1


async def test_what_goes_is_told(cookie: bytes, workspace: Workspace) -> None:
    await push(workspace.pk, {"pos:1.ltp": "5.00"})
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        await push(workspace.pk, {"pos:1.ltp": None})
        assert (await socket.hear())["data"] == {"values": {"pos:1.ltp": None}}


async def test_facts_arrive_all_and_in_order(cookie: bytes, workspace: Workspace) -> None:
    types = [f"order.step_{n}" for n in range(40)]
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        await tell(workspace, *types)
        assert [(await socket.hear())["type"] for _ in types] == types


async def test_others_news_are_not_heard(
    cookie: bytes, workspace: Workspace, other_workspace: Workspace
) -> None:
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        await push(other_workspace.pk, {"acct.net": "9.00"})
        await tell(other_workspace, "order.filled")
        await tell(workspace, "run.closed")
        assert (await socket.hear())["type"] == "run.closed"


async def test_a_program_signs_in_by_key(actor: Actor, workspace: Workspace) -> None:
    _, plain = await sync_to_async(api_key_create)(actor=actor, name="bot")
    async with opened(program()) as socket:
        await socket.say({"op": "auth", "token": plain})
        assert await socket.hear() == {"op": "auth", "ok": True}
        assert (await socket.hear())["type"] == "portfolio.snapshot"


async def test_a_wrong_key() -> None:
    async with opened(program()) as socket:
        await socket.say({"op": "auth", "token": "ql_test_wrong"})
        assert await socket.closed_with() == consumers.SIGN_IN


@pytest.mark.parametrize(
    "message", [{}, {"op": "dance"}, [1], "x" * 9000, {"op": "resume", "after_seq": "1"}]
)
async def test_what_is_not_understood_is_said(cookie: bytes, message: Any) -> None:
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        await socket.say(message)
        answer = await socket.hear()
        assert (answer["ok"], answer["code"]) == (False, "malformed")


async def test_resume_sends_what_was_missed(cookie: bytes, workspace: Workspace) -> None:
    async with opened(browser(cookie)) as socket:
        seen = (await socket.hear())["seq"]
    await tell(workspace, "order.filled", "run.closed")
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        await socket.say({"op": "resume", "after_seq": seen})
        assert await socket.hear() == {"op": "resume", "ok": True}
        assert [(await socket.hear())["type"] for _ in range(2)] == ["order.filled", "run.closed"]


async def test_resume_from_the_unknown_gives_a_snapshot(cookie: bytes) -> None:
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        await socket.say({"op": "resume", "after_seq": 2**40})
        assert await socket.hear() == {"op": "resume", "ok": True}
        assert (await socket.hear())["type"] == "portfolio.snapshot"


@sync_to_async
def cut_subscription() -> None:
    """Redis drops the hub's connection, as a restart would."""
    redis = client()
    [hub_client] = [each for each in redis.client_list() if each["name"] == hub_name()]
    assert redis.client_kill_filter(_id=hub_client["id"]) == 1


async def test_a_cut_subscription_loses_nothing(cookie: bytes, workspace: Workspace) -> None:
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        await cut_subscription()
        await push(workspace.pk, {"acct.net": "7.00"})
        await tell(workspace, "order.filled")
        heard = [await socket.hear(), await socket.hear()]
    assert {message["type"] for message in heard} == {"order.filled", "portfolio.delta"}


async def test_a_signed_out_session_is_closed(
    cookie: bytes, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "CHECK_EVERY_S", 0.02)
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        await User.objects.filter(pk=owner.pk).aupdate(is_active=False)
        assert await socket.closed_with() == consumers.SIGN_IN


async def test_a_reader_far_behind_is_closed(
    cookie: bytes, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        monkeypatch.setattr(outgoing, "MAX_WAITING", 10)
        await tell(workspace, "order.filled")
        assert await socket.closed_with() == consumers.TOO_SLOW


async def test_the_hub_forgets_who_left(cookie: bytes, workspace: Workspace) -> None:
    async with opened(browser(cookie)) as socket:
        await socket.hear()
        assert list(hub().topics) == [workspace.pk]
    assert not hub().topics

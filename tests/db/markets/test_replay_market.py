"""Replays: making and steering them, and their clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from markets.models import Market
from markets.selectors import live_market, markets_of
from markets.services import (
    market_advance,
    market_control,
    market_end,
    market_note,
    market_now,
    replay_market_create,
)
from markets.sessions import SessionDataError
from qlplatform.core.clock import frozen
from qlplatform.core.errors import Conflict, NotEntitled, UserError
from qlplatform.core.models import AuditEntry, OutboxEvent, Workspace
from qlplatform.core.tenancy import Actor

OPEN = datetime(2022, 6, 8, 3, 45, tzinfo=UTC)
FEED = Actor.system("feed")


@pytest.fixture
def replay(workspace: Workspace) -> Market:
    return make(workspace)


def make(workspace: Workspace, **changes: Any) -> Market:
    wish: dict[str, Any] = {"source": "nifty_2022-06", "session_date": date(2022, 6, 8), "speed": 60}
    return replay_market_create(workspace=workspace, **wish | changes)


def test_a_new_replay_stands_at_the_open(replay: Market, workspace: Workspace) -> None:
    assert (replay.underlying, replay.state, replay.seq, replay.now) == ("NIFTY", "ready", 0, OPEN)
    assert market_now(replay) == OPEN
    assert AuditEntry.objects.get(action="market.changed").workspace == workspace
    assert OutboxEvent.objects.get(type="market.changed").data["market"] == replay.public_id


def test_the_live_market_follows_the_wall_clock() -> None:
    with frozen(datetime(2026, 11, 25, 4, tzinfo=UTC)) as clock:
        assert market_now(live_market()) == clock.now()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"source": "nowhere"}, "unknown_source"),
        ({"session_date": date(2022, 6, 22)}, "no_data_for_date"),
        ({"session_date": date(2022, 6, 11)}, "no_data_for_date"),
        ({"speed": -1}, "bad_speed"),
        ({"speed": 3601}, "bad_speed"),
    ],
)
def test_a_replay_of_nothing_is_refused(workspace: Workspace, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(UserError) as caught:
        make(workspace, **changes)
    assert caught.value.code == code
    assert not Market.objects.filter(kind="replay").exists()


def test_a_missing_day_tells_the_days_there_are(workspace: Workspace) -> None:
    with pytest.raises(SessionDataError, match="has no session of 2022-06-22; it has 2022-06-08, 2022-06-09"):
        make(workspace, session_date=date(2022, 6, 22))


def state(market: Market) -> tuple[str, int, int, bool]:
    return market.state, market.speed, market.steps, market.until_decision


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["play"], ("playing", 60, 0, False)),
        (["play", "pause"], ("paused", 60, 0, False)),
        (["play", "step", "step"], ("paused", 60, 2, False)),
        (["step", "play"], ("playing", 60, 0, False)),
        (["next_decision"], ("playing", 60, 0, True)),
        (["next_decision", "pause"], ("paused", 60, 0, False)),
        (["play", "end"], ("ended", 60, 0, False)),
    ],
)
def test_steering(
    replay: Market, trader: Actor, actions: list[str], expected: tuple[str, int, int, bool]
) -> None:
    for action in actions:
        replay = market_control(market=replay, action=action, by=trader)
    assert state(Market.objects.get(pk=replay.pk)) == expected


def test_speed_and_number_of_steps_are_given(replay: Market, trader: Actor) -> None:
    market_control(market=replay, action="speed", by=trader, value=0)
    assert state(market_control(market=replay, action="step", by=trader, value=5)) == ("paused", 0, 5, False)


@pytest.mark.parametrize(
    ("action", "value", "code"),
    [
        ("speed", None, "bad_speed"),
        ("speed", 9999, "bad_speed"),
        ("step", 0, "bad_step"),
        ("fly", None, "unknown_action"),
    ],
)
def test_a_wrong_wish_changes_nothing(
    replay: Market, trader: Actor, action: str, value: int | None, code: str
) -> None:
    with pytest.raises(UserError) as caught:
        market_control(market=replay, action=action, by=trader, value=value)
    assert caught.value.code == code
    assert state(Market.objects.get(pk=replay.pk)) == ("ready", 60, 0, False)


def test_the_live_market_cannot_be_steered() -> None:
    with pytest.raises(UserError, match="keeps its own time"):
        market_control(market=live_market(), action="pause", by=FEED)


def test_a_viewer_may_not_steer(replay: Market, workspace: Workspace) -> None:
    viewer = Actor(label="v", workspace_id=workspace.pk, role="viewer")
    with pytest.raises(NotEntitled):
        market_control(market=replay, action="play", by=viewer)


def test_an_ended_replay_stays_ended(replay: Market, trader: Actor) -> None:
    ended = market_end(market=replay, by=FEED)
    assert ended.ended_at is not None
    assert market_end(market=replay, by=FEED).ended_at == ended.ended_at
    with pytest.raises(Conflict, match="This replay is over"):
        market_control(market=replay, action="play", by=trader)


def test_steering_is_audited_with_before_and_after(replay: Market, trader: Actor) -> None:
    market_control(market=replay, action="play", by=trader)
    entry = AuditEntry.objects.filter(action="market.changed").latest("pk")
    assert (entry.actor, entry.before["state"], entry.after["state"]) == (
        "asha@example.com",
        "ready",
        "playing",
    )


def test_the_feed_moves_the_clock_and_uses_up_a_step(replay: Market, trader: Actor) -> None:
    market_control(market=replay, action="step", by=trader, value=2)
    at = OPEN + timedelta(minutes=1)
    assert market_advance(market=replay, seq=1, at=at)
    assert (replay.seq, replay.now, replay.steps) == (1, at, 1)


def test_the_clock_never_goes_back(replay: Market) -> None:
    market_advance(market=replay, seq=5, at=OPEN + timedelta(minutes=5))
    assert not market_advance(market=replay, seq=5, at=OPEN + timedelta(minutes=9))
    assert not market_advance(market=replay, seq=4, at=OPEN)
    assert (replay.seq, replay.now) == (5, OPEN + timedelta(minutes=5))


def test_why_it_waits_is_said_until_it_goes_on(replay: Market) -> None:
    market_note(market=replay, note="Waiting for two orders to be answered")
    assert Market.objects.get(pk=replay.pk).note == "Waiting for two orders to be answered"
    market_advance(market=replay, seq=1, at=OPEN)
    assert Market.objects.get(pk=replay.pk).note == ""


def test_others_replays_do_not_exist(replay: Market, trader: Actor) -> None:
    make(Workspace.objects.create(name="Others"))
    assert list(markets_of(trader)) == [replay, live_market()]
    assert markets_of(FEED).count() == 3

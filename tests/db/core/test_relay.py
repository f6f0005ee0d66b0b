"""Outbox to screens and tasks: committed facts only, in order, none lost when Redis is away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from celery import current_app
from django.db import transaction
from pytest_django import Settings
from redis.client import PubSub
from redis.exceptions import RedisError

from qlplatform.core.live import live_channel
from qlplatform.core.models import OutboxEvent, Workspace
from qlplatform.core.outbox import publish
from qlplatform.core.redis import client
from qlplatform.core.relay import relay_batch, wait_for_news

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_keys")]


@pytest.fixture
def screen(workspace: Workspace) -> Iterator[PubSub]:
    """Listens like the live hub; the news of the new workspace are out of the way."""
    relay_batch()
    with client().pubsub(ignore_subscribe_messages=True) as pubsub:
        pubsub.subscribe(live_channel())
        pubsub.get_message(timeout=1)
        yield pubsub


def heard(screen: PubSub) -> list[dict[str, Any]]:
    messages = iter(lambda: screen.get_message(timeout=0.2), None)
    return [orjson.loads(message["data"]) for message in messages]


def test_facts_arrive_in_order_in_the_envelope(workspace: Workspace, screen: PubSub) -> None:
    first = publish(
        "order.filled", workspace_id=workspace.pk, data={"qty": 75}, account="acc_1", mode="paper"
    )
    publish("run.closed", workspace_id=workspace.pk, data={})
    assert relay_batch() == 2
    facts = heard(screen)
    assert [fact["d"]["type"] for fact in facts] == ["order.filled", "run.closed"]
    assert facts[0]["w"] == workspace.pk
    envelope = facts[0]["d"]
    assert (envelope["v"], envelope["id"], envelope["seq"]) == (1, first.public_id, first.pk)
    assert (envelope["account"], envelope["mode"], envelope["data"]) == ("acc_1", "paper", {"qty": 75})


def test_a_fact_is_sent_once(workspace: Workspace, screen: PubSub) -> None:
    publish("run.closed", workspace_id=workspace.pk, data={})
    assert (relay_batch(), relay_batch()) == (1, 0)
    assert not OutboxEvent.objects.filter(relayed_at=None).exists()


def test_what_was_rolled_back_never_happened(workspace: Workspace, screen: PubSub) -> None:
    with transaction.atomic():
        publish("run.closed", workspace_id=workspace.pk, data={})
        transaction.set_rollback(True)
    assert relay_batch() == 0


def test_batches(workspace: Workspace, screen: PubSub) -> None:
    for _ in range(5):
        publish("run.closed", workspace_id=workspace.pk, data={})
    assert [relay_batch(limit=3), relay_batch(limit=3), relay_batch(limit=3)] == [3, 2, 0]


def test_without_redis_facts_wait(workspace: Workspace, screen: PubSub, settings: Settings) -> None:
    event = publish("run.closed", workspace_id=workspace.pk, data={})
    home, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    with pytest.raises(RedisError):
        relay_batch()
    settings.REDIS_URL = home
    assert OutboxEvent.objects.get(pk=event.pk).relayed_at is None
    assert relay_batch() == 1


def test_tasks_that_asked_are_sent(workspace: Workspace, screen: PubSub, settings: Settings) -> None:
    settings.QL_OUTBOX_TASKS = {"order": ["tests.hear"]}
    current_app.conf.update(broker_url="memory://")
    event = publish("order.filled", workspace_id=workspace.pk, data={})
    relay_batch()
    with current_app.connection_for_read() as connection:
        message = connection.SimpleQueue(current_app.conf.task_default_queue).get(timeout=1)
    assert message.headers["task"] == "tests.hear"
    assert message.payload[1]["event"]["id"] == event.public_id


@pytest.mark.django_db(transaction=True)
def test_a_commit_wakes_the_relay(workspace: Workspace, screen: PubSub) -> None:
    wait_for_news(0)
    publish("run.closed", workspace_id=workspace.pk, data={})
    wait_for_news(30)  # returns at once: the news of the commit is there
    assert relay_batch() == 1

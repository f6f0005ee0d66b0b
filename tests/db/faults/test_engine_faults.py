"""One run at fault never stops the others, and the same prices always lead to the same trades."""

from __future__ import annotations

from threading import Thread

from django.db import connections, transaction

from execution.engine_role import EngineRole
from execution.models import Order, Run, RunEvent
from execution.replay.acks import acked
from execution.services.deployments import deployment_pause
from execution.services.engine import Engine
from execution.services.events import run_event_add
from markets import quotes
from markets.models import ContractFact, Market
from markets.quotes import Snapshot
from portfolio.models import Limit
from qlplatform.core import redis
from qlplatform.core.models import OutboxEvent
from tests.factories.racing import wait_for_waiters
from tests.factories.trading import AT_0920, Floor


def at_0920(floor: Floor) -> Snapshot:
    """Prices of 09:20, at which the straddle enters."""
    floor.seq = 4
    return floor.next_snapshot({floor.call: 101_25, floor.put: 96_40})


def square_off(run: Run, reason: str) -> None:
    data = {"kind": "SQUARE_OFF", "reason": reason, "text": ""}
    run_event_add(run_id=run.pk, kind="command", data=data, at=AT_0920)


def phases(*runs: Run) -> list[str]:
    return [Run.objects.get(pk=run.pk).phase for run in runs]


def test_an_event_nobody_understands_stops_its_own_run_only(floor: Floor) -> None:
    bad, good = floor.run(), floor.run(floor.deploy())
    square_off(bad, "NO_SUCH_REASON")
    square_off(good, "MANUAL")

    Engine(range(64)).on_events()

    assert phases(bad, good) == ["ARMED", "COMPLETED"]


def test_a_run_that_cannot_be_read_stops_no_other(floor: Floor) -> None:
    bad, good = floor.run(state={"v": 99}), floor.run(floor.deploy())

    Engine(range(64)).on_price(at_0920(floor))

    assert phases(bad, good) == ["ARMED", "ENTERING"]


def test_a_run_that_keeps_failing_is_shown_and_recovers(floor: Floor) -> None:
    run = floor.run()
    square_off(run, "NO_SUCH_REASON")
    engine = Engine(range(64))

    for _ in range(5):
        engine.on_events()

    run.refresh_from_db()
    assert (run.phase, run.outcome) == ("ARMED", "engine_fault")
    assert [d.code for d in run.decisions.all()] == ["engine_fault"]
    assert OutboxEvent.objects.filter(type="run.failed").count() == 1

    RunEvent.objects.update(data={"kind": "SQUARE_OFF", "reason": "MANUAL", "text": "out"})
    Engine(range(64)).on_events()

    run.refresh_from_db()
    assert (run.phase, run.outcome) == ("COMPLETED", "square_off")


def test_a_limit_with_room_for_one_lets_in_the_older_run(floor: Floor) -> None:
    older, newer = floor.run(), floor.run(floor.deploy())
    Limit.objects.filter(kind="open_lots").update(value=2)
    engine = Engine(range(64))
    engine._load(newer.pk)  # whichever happens to be in memory first

    engine.on_price(at_0920(floor))

    assert phases(older, newer) == ["ENTERING", "COMPLETED"]


def test_a_missing_freeze_quantity_keeps_no_order_back(floor: Floor) -> None:
    ContractFact.objects.filter(field="freeze_qty").delete()
    floor.run()

    Engine(range(64)).on_price(at_0920(floor))

    assert [order.qty for order in Order.objects.all()] == [50, 50]


def test_prices_of_markets_that_are_gone_are_forgotten(floor: Floor) -> None:
    engine = Engine(range(64))
    engine.on_price(at_0920(floor))

    engine.keep_views([])

    assert engine.views == {}


def test_no_entry_after_a_pause_that_held_the_run(racing_floor: Floor) -> None:
    floor = racing_floor
    floor.run()
    engine, snapshot = Engine(range(64)), at_0920(floor)
    engine._load_new(floor.market.pk)

    def prices() -> None:
        engine.on_price(snapshot)
        connections.close_all()

    entering = Thread(target=prices)
    with transaction.atomic():
        deployment_pause(deployment=floor.deployment, by=floor.actor())
        entering.start()
        wait_for_waiters(1)
    entering.join()

    assert not Order.objects.exists()


# -- the role ---------------------------------------------------------------------


def published(floor: Floor) -> Snapshot:
    """The prices of 09:20 as the feed publishes them."""
    snapshot = at_0920(floor)
    Market.objects.filter(pk=floor.market.pk).update(seq=snapshot.seq)
    quotes.store(snapshot)
    return snapshot


def test_an_acknowledgement_that_redis_lost_is_given_again(floor: Floor) -> None:
    snapshot, role = published(floor), EngineRole(range(64))
    role.round()
    redis.client().delete(redis.key("ack", str(floor.market.pk)))

    role.round()

    assert acked(floor.market.pk) == snapshot.seq


def test_an_engine_of_other_shards_acknowledges_nothing(floor: Floor) -> None:
    published(floor)

    EngineRole([(floor.account.shard + 1) % 64]).round()

    assert acked(floor.market.pk) == 0

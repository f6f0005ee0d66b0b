"""Claiming orders before they are sent, and recording what the sends came to."""

from __future__ import annotations

import pytest

from execution.drain import ledger
from execution.drain.ledger import Outcome
from execution.models import Order, OrderEvent, Run, RunEvent
from execution.services.kill import kill_switch_press
from tests.factories import ledger as ledger_factory
from tests.factories.trading import Floor


@pytest.fixture
def entry(floor: Floor, run: Run) -> Order:
    return floor.order(floor.intent(run, "1-L1-E1"))


@pytest.fixture
def way_out(floor: Floor, run: Run) -> Order:
    return floor.order(floor.intent(run, "1-L1-X1", purpose="EXIT", reason="LEG_SL"))


def epochs(order: Order, epoch: int = 7) -> dict[int, int]:
    return {order.shard: epoch}


def state_of(order: Order) -> tuple[str, str]:
    order.refresh_from_db()
    return order.state, order.reason_code


def test_claiming_commits_sending_with_the_epoch(entry: Order) -> None:
    assert ledger.claim(epochs(entry)) == [entry]

    entry.refresh_from_db()
    assert (entry.state, entry.epoch) == ("SENDING", 7)
    assert entry.sent_at is not None
    assert OrderEvent.objects.get().text == "sending"


def test_exits_are_claimed_before_entries(entry: Order, way_out: Order) -> None:
    assert ledger.claim(epochs(entry)) == [way_out, entry]


def test_a_claimed_order_is_not_claimed_again(entry: Order) -> None:
    ledger.claim(epochs(entry))

    assert ledger.claim(epochs(entry, 8)) == []


def test_orders_of_other_shards_stay(entry: Order) -> None:
    assert ledger.claim({(entry.shard + 1) % 64: 1}) == []
    assert state_of(entry) == ("NEW", "")


def test_the_kill_switch_stops_entries_and_never_exits(floor: Floor, entry: Order, way_out: Order) -> None:
    kill_switch_press(actor=floor.actor(), level="pause_entries")

    assert ledger.claim(epochs(entry)) == [way_out]

    assert state_of(entry) == ("REJECTED", "kill_switch_on")
    assert RunEvent.objects.get().data["outcome"] == "REJECTED"


def test_an_order_cancelled_before_it_left_never_leaves(entry: Order) -> None:
    Order.objects.update(cancel_wanted=True)

    assert ledger.claim(epochs(entry)) == []

    assert state_of(entry) == ("CANCELLED", "cancelled_before_send")
    entry.refresh_from_db()
    assert not entry.cancel_wanted


def test_an_order_of_another_market_than_its_accounts_is_refused(floor: Floor, entry: Order) -> None:
    other = ledger_factory.account()  # of another workspace
    Run.objects.update(market=other.market)

    assert ledger.claim(epochs(entry)) == []

    assert state_of(entry) == ("REJECTED", "wrong_market")


def test_an_accepted_order_keeps_the_brokers_name(entry: Order) -> None:
    [claimed] = ledger.claim(epochs(entry))

    ledger.record([ledger.accepted(claimed, "V5")])

    entry.refresh_from_db()
    assert (entry.state, entry.broker_order_id) == ("ACCEPTED", "V5")


def test_what_a_report_moved_on_stays_moved(entry: Order) -> None:
    [claimed] = ledger.claim(epochs(entry))
    Order.objects.update(state="FILLED", filled_qty=50)

    ledger.record([ledger.accepted(claimed, "V5")])

    assert state_of(entry) == ("FILLED", "")


def test_what_a_later_epoch_sent_is_not_touched_by_an_earlier_one(entry: Order) -> None:
    [claimed] = ledger.claim(epochs(entry, 7))
    Order.objects.update(epoch=8)

    ledger.record([Outcome(claimed, "NEW", text="absent")])

    assert state_of(entry) == ("SENDING", "")


def test_a_rejection_ends_the_order_and_tells_the_run(entry: Order) -> None:
    [claimed] = ledger.claim(epochs(entry))

    ledger.record([Outcome(claimed, "REJECTED", code="over_freeze", text="Above the freeze quantity")])

    assert state_of(entry) == ("REJECTED", "over_freeze")
    assert RunEvent.objects.get().data["reason"] == "Above the freeze quantity"


def test_what_never_reached_the_broker_goes_out_again(entry: Order) -> None:
    [claimed] = ledger.claim(epochs(entry))

    ledger.record([Outcome(claimed, "NEW", text="no connection")])

    assert ledger.claim(epochs(entry)) == [entry]


def test_doubts_are_unknown_orders_and_those_an_earlier_epoch_left(floor: Floor, run: Run) -> None:
    unknown = floor.order(floor.intent(run, "a"), state="UNKNOWN", epoch=7)
    left = floor.order(floor.intent(run, "b"), state="SENDING", epoch=6)
    floor.order(floor.intent(run, "c"), state="SENDING", epoch=7)  # being sent right now
    floor.order(floor.intent(run, "d"), state="OPEN", epoch=6)

    assert set(ledger.in_doubt(epochs(unknown, 7))) == {unknown, left}


def test_only_working_orders_the_broker_named_are_cancelled_there(floor: Floor, run: Run) -> None:
    wanted = {"cancel_wanted": True, "broker_order_id": "V1"}
    working = floor.order(floor.intent(run, "a"), state="OPEN", **wanted)
    floor.order(floor.intent(run, "b"), state="FILLED", **wanted)
    floor.order(floor.intent(run, "c"), state="ACCEPTED", cancel_wanted=True)
    floor.order(floor.intent(run, "d"), state="OPEN", broker_order_id="V2")

    assert ledger.to_cancel(epochs(working)) == [working]

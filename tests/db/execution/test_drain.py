"""From a committed order to the simulated exchange and back, doubts included. A tag is never placed twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from brokers.models import VenueOrder
from brokers.registry import use_venue
from brokers.sandbox.scenarios import Scenario, Scenarios
from brokers.sandbox.venue import Venue
from execution.drain.drain import Drain
from execution.drain.lease import Lease
from execution.models import Order, OrderEvent, Run
from markets import quotes
from portfolio.models import Fill
from tests.factories.trading import LOT, Floor

QUICK = (0.2, 0.1, 0.02)  # send time-out, settle time, gap between two reads, seconds


class Rig:
    """A drain of this process on an embedded exchange, driven round by round."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.scenarios = Scenarios()
        venue = Venue()
        use_venue(venue, self.scenarios)
        self.venue = venue
        self.loop = asyncio.new_event_loop()
        self.lease = Lease()
        self.lease.take(range(64))
        self.drain = Drain(self.lease)
        self.run = floor.run()

    def order(self, ref: str = "1-L1-E1", purpose: str = "ENTRY", **changes: object) -> Order:
        return self.floor.order(self.floor.intent(self.run, ref, purpose=purpose), **changes)

    def prices(self, call: int) -> None:
        """One price event of the call."""
        snapshot = self.floor.next_snapshot({self.floor.call: call})
        self.venue.price_event(snapshot)
        quotes.store(snapshot)

    def next_order(self, **scenario: object) -> None:
        self.scenarios.add(self.floor.account.public_id, Scenario(**scenario))  # type: ignore[arg-type]

    def rounds(self, until: str, order: Order, most: int = 60) -> Order:
        """Rounds until the order is in that state."""
        for _ in range(most):
            self.lease.renew()
            self.loop.run_until_complete(self.drain.pass_once())
            order.refresh_from_db()
            if order.state == until:
                return order
            self.loop.run_until_complete(asyncio.sleep(0.02))
        raise AssertionError(f"still {order.state} after {most} rounds, not {until}")

    def taken_over(self) -> None:
        """The owner of the shards is gone; this process takes over."""
        self.loop.run_until_complete(self.drain.close())
        self.lease.release()
        self.lease = Lease()
        self.lease.take(range(64))
        self.drain = Drain(self.lease)

    def close(self) -> None:
        self.loop.run_until_complete(self.drain.close())
        self.lease.release()
        self.loop.close()
        use_venue(None)


@pytest.fixture
def rig(racing_floor: Floor, settings: Any) -> Iterator[Rig]:
    settings.QL_PAPER_TIMES = QUICK
    rig = Rig(racing_floor)
    yield rig
    rig.close()


def placed(order: Order) -> int:
    """How often the exchange got the order."""
    return VenueOrder.objects.filter(tag=order.tag).count()


def history(order: Order) -> list[str]:
    return list(OrderEvent.objects.filter(order=order).order_by("id").values_list("state", flat=True))


def test_an_order_goes_out_and_its_fill_comes_back(rig: Rig) -> None:
    rig.prices(100_00)
    order = rig.order()

    rig.rounds("FILLED", order)

    fill = Fill.objects.get()
    assert (order.filled_qty, order.filled_value_paise) == (LOT, LOT * 99_95)  # 5 paise against the trader
    assert (fill.price_paise, fill.order_ref) == (99_95, order.public_id)
    assert placed(order) == 1


def test_a_refusal_of_the_exchange_ends_the_order_with_its_reason(rig: Rig) -> None:
    rig.prices(100_00)
    order = rig.order(qty=LOT + 1)

    rig.rounds("REJECTED", order)

    assert order.reason_code == "lot_multiple"
    assert order.broker_order_id.startswith("V")


def test_an_answer_that_never_came_is_looked_up_and_not_sent_again(rig: Rig) -> None:
    rig.prices(100_00)
    rig.next_order(hold_s=0.3)
    order = rig.order()

    rig.rounds("FILLED", order)

    assert placed(order) == 1


def test_an_order_that_was_lost_is_sent_again_with_the_same_tag(rig: Rig) -> None:
    rig.prices(100_00)
    rig.next_order(lost=True, hold_s=0.3)
    order = rig.order()
    tag = order.tag

    rig.rounds("FILLED", order)

    assert (order.tag, placed(order)) == (tag, 1)
    assert history(order)[:4] == ["SENDING", "UNKNOWN", "NEW", "SENDING"]


def test_a_throttled_order_waits_and_goes_out(rig: Rig) -> None:
    rig.prices(100_00)
    rig.next_order(throttled=True)
    order = rig.order()

    rig.rounds("FILLED", order)

    assert placed(order) == 1


def test_what_a_dead_owner_sent_is_found_and_not_sent_again(rig: Rig) -> None:
    rig.prices(100_00)
    order = rig.order()
    rig.rounds("FILLED", order)
    # the owner died after the exchange committed and before it could write the outcome
    Order.objects.update(state="SENDING", filled_qty=0, filled_value_paise=0, broker_order_id="")

    rig.taken_over()
    rig.rounds("ACCEPTED", order)

    assert placed(order) == 1


def test_what_a_dead_owner_did_not_send_goes_out_once(rig: Rig) -> None:
    rig.prices(100_00)
    order = rig.order(state="SENDING", epoch=rig.lease.epochs[rig.floor.account.shard])

    rig.taken_over()
    rig.rounds("FILLED", order)

    assert placed(order) == 1
    assert history(order)[:2] == ["NEW", "SENDING"]


def test_a_frozen_owner_sends_nothing(rig: Rig) -> None:
    rig.prices(100_00)
    order = rig.order()
    rig.lease.sure_until = 0.0

    rig.loop.run_until_complete(rig.drain.pass_once())

    order.refresh_from_db()
    assert (order.state, placed(order)) == ("NEW", 0)


def test_a_resting_order_is_cancelled_when_it_is_wanted(rig: Rig) -> None:
    rig.prices(100_00)
    order = rig.order(limit_paise=150_00)  # sells at 150 or better: rests
    rig.rounds("OPEN", order)

    Order.objects.update(cancel_wanted=True)
    rig.rounds("CANCELLED", order)

    assert (order.cancel_wanted, order.filled_qty) == (False, 0)


def test_a_resting_order_fills_at_a_later_price(rig: Rig) -> None:
    rig.prices(100_00)
    order = rig.order(limit_paise=150_00)
    rig.rounds("OPEN", order)

    rig.prices(160_00)
    rig.rounds("FILLED", order)

    assert Fill.objects.get().price_paise == 159_95


def test_a_partial_fill_is_partial_until_the_rest_comes(rig: Rig) -> None:
    rig.prices(100_00)
    rig.next_order(partial_qty=LOT)
    order = rig.order(qty=2 * LOT)
    rig.rounds("PARTIAL", order)

    rig.prices(101_00)
    rig.rounds("FILLED", order)

    assert sorted(Fill.objects.values_list("qty", "price_paise")) == [(LOT, 99_95), (LOT, 100_95)]


def test_orders_of_an_account_leave_exits_first(rig: Rig) -> None:
    rig.prices(100_00)
    entry = rig.order()
    way_out = rig.order("1-L1-X1", purpose="EXIT")

    rig.rounds("FILLED", entry)

    sent = list(VenueOrder.objects.order_by("id").values_list("tag", flat=True))
    assert sent == [way_out.tag, entry.tag]


def test_the_run_hears_what_happened(rig: Rig) -> None:
    rig.prices(100_00)
    rig.rounds("FILLED", rig.order())

    assert Run.objects.get().events.get().data == {"order_ref": "1-L1-E1", "qty": LOT, "price_paise": 99_95}

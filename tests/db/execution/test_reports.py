"""What a broker says is applied once, whatever order it arrives in."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brokers.models import Report
from execution.models import Intent, Order, OrderEvent, Run, RunEvent
from execution.services.reports import report_apply, reports_apply
from portfolio.models import Fill
from qlplatform.core.models import OutboxEvent
from tests.factories.trading import LOT, Floor, status, trade


def told(run: Run) -> list[tuple[str, dict[str, object]]]:
    """What the run has to hear, in order."""
    return list(RunEvent.objects.filter(run=run).order_by("seq").values_list("kind", "data"))


def test_a_trade_moves_order_ledger_and_run_together(floor: Floor, run: Run, order: Order) -> None:
    trade(order, LOT, price=101_25, trade_id="T1")

    assert reports_apply([order.shard]) == 1

    order.refresh_from_db()
    fill = Fill.objects.get()
    assert (order.state, order.filled_qty, order.filled_value_paise) == ("FILLED", LOT, LOT * 101_25)
    assert (fill.order_ref, fill.trade_id, fill.leg_ref, fill.purpose) == (
        order.public_id,
        "T1",
        "1-L1",
        "ENTRY",
    )
    assert told(run) == [("fill", {"order_ref": "1-L1-E1", "qty": LOT, "price_paise": 101_25})]
    assert OutboxEvent.objects.filter(type="order.filled").count() == 1


def test_a_report_is_applied_once(run: Run, order: Order) -> None:
    report = trade(order, LOT)

    assert [report_apply(report.pk), report_apply(report.pk)] == [True, False]

    assert len(told(run)) == 1


def test_the_same_trade_told_twice_counts_once(floor: Floor, run: Run, order: Order) -> None:
    trade(order, LOT, trade_id="T7")
    reports_apply([order.shard])
    Report.objects.update(applied_at=None)

    assert reports_apply([order.shard]) == 1

    order.refresh_from_db()
    assert order.filled_qty == LOT
    assert len(told(run)) == 1


def test_more_filled_than_ordered_is_booked_and_told(floor: Floor, run: Run, order: Order) -> None:
    trade(order, LOT, trade_id="T1")
    trade(order, LOT, trade_id="T2")

    assert reports_apply([order.shard]) == 2

    order.refresh_from_db()
    assert (order.state, order.filled_qty) == ("FILLED", 2 * LOT)
    assert Fill.objects.count() == 2
    assert [data["qty"] for _, data in told(run)] == [LOT, LOT]


def test_reports_of_other_shards_are_left_alone(order: Order) -> None:
    trade(order, LOT)

    assert reports_apply([(order.shard + 1) % 64]) == 0


def test_a_rejection_reaches_the_run_with_its_reason(run: Run, order: Order) -> None:
    status(order, "REJECTED", reason_code="margin", reason_text="Not enough margin")

    reports_apply([order.shard])

    order.refresh_from_db()
    assert (order.state, order.reason_code) == ("REJECTED", "margin")
    done = {"order_ref": "1-L1-E1", "outcome": "REJECTED", "reason": "Not enough margin"}
    assert told(run) == [("order_done", done)]


def test_a_partly_filled_order_that_is_cancelled_tells_both(run: Run, order: Order) -> None:
    order.qty = 2 * LOT
    order.save()
    trade(order, LOT, second=1)
    status(order, "CANCELLED", filled=LOT, second=2)

    reports_apply([order.shard])

    order.refresh_from_db()
    assert (order.state, order.filled_qty) == ("CANCELLED", LOT)
    assert [kind for kind, _ in told(run)] == ["fill", "order_done"]


def test_an_end_with_fills_waits_for_its_trades(run: Run, order: Order) -> None:
    order.qty = 2 * LOT
    order.save()
    end = status(order, "CANCELLED", filled=LOT, second=1)

    assert reports_apply([order.shard]) == 0
    trade(order, LOT, second=2)
    assert reports_apply([order.shard]) == 1
    assert reports_apply([order.shard]) == 1

    order.refresh_from_db()
    end.refresh_from_db()
    assert (order.state, order.filled_qty) == ("CANCELLED", LOT)
    assert end.applied_at is not None
    assert [kind for kind, _ in told(run)] == ["fill", "order_done"]


def test_a_late_fill_is_booked_after_the_end(run: Run, order: Order) -> None:
    status(order, "CANCELLED", second=1)
    reports_apply([order.shard])
    trade(order, LOT, second=0)

    reports_apply([order.shard])

    order.refresh_from_db()
    assert (order.state, Fill.objects.count()) == ("FILLED", 1)
    assert [kind for kind, _ in told(run)] == ["order_done", "fill"]


def test_old_news_moves_nothing(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(state="OPEN")
    status(order, "ACCEPTED")

    reports_apply([order.shard])

    order.refresh_from_db()
    assert order.state == "OPEN"
    assert not OrderEvent.objects.exists()


def test_a_report_of_an_unknown_order_is_kept_and_marked(order: Order) -> None:
    report = status(order, "OPEN", tag="somebody else's")

    assert reports_apply([order.shard]) == 1

    report.refresh_from_db()
    assert report.applied_at is not None


@pytest.mark.parametrize("refused_first", [True, False])
def test_a_run_hears_when_the_last_slice_is_over(floor: Floor, run: Run, refused_first: bool) -> None:
    intent = floor.intent(run, qty=2 * LOT)
    one, two = (floor.order(intent, number, qty=LOT, state="OPEN") for number in (1, 2))
    status(one, "REJECTED", second=1 if refused_first else 2)
    trade(two, LOT, second=2 if refused_first else 1, broker_order_id="V2")

    reports_apply([one.shard])

    assert sorted(kind for kind, _ in told(run)) == ["fill", "order_done"]


def test_a_run_hears_nothing_more_when_all_slices_filled(floor: Floor, run: Run, intent: Intent) -> None:
    for number in (1, 2):
        trade(floor.order(intent, number, qty=LOT, state="OPEN"), LOT)

    reports_apply([run.shard])

    assert [kind for kind, _ in told(run)] == ["fill", "fill"]


NEWS = ["open", "one", "two", "end"]


@given(order_of_arrival=st.permutations(NEWS), again=st.lists(st.sampled_from(NEWS), max_size=3))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_arrival_ends_the_same(
    floor: Floor, order_of_arrival: list[str], again: list[str]
) -> None:
    """Two trades of one lot each, then the rest is cancelled; told in any order, some of it twice."""
    Report.objects.all().delete()
    deployment = floor.deploy()
    run = floor.run(deployment)
    order = floor.order(floor.intent(run, qty=3 * LOT), state="SENDING")
    news = {
        "open": lambda: status(order, "OPEN", second=0),
        "one": lambda: trade(order, LOT, second=1, trade_id=f"{order.pk}-1"),
        "two": lambda: trade(order, LOT, second=2, trade_id=f"{order.pk}-2"),
        "end": lambda: status(order, "CANCELLED", filled=2 * LOT, second=3),
    }
    seen: dict[str, Report] = {}
    for name in [*order_of_arrival, *again]:
        if name in seen:
            Report.objects.filter(pk=seen[name].pk).update(applied_at=None)
        else:
            seen[name] = news[name]()
        while reports_apply([order.shard]):
            pass

    order.refresh_from_db()
    assert (order.state, order.filled_qty) == ("CANCELLED", 2 * LOT)
    assert sorted(kind for kind, _ in told(run))[:2] == ["fill", "fill"]
    assert Fill.objects.filter(order_ref=order.public_id).count() == 2

"""What brokers say is kept once, with the change it tells of, and wakes the owner of the shard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from brokers.gateway import OrderReport, OrderRequest, OrderStatus, Side, TradeReport
from brokers.models import Report, VenueOrder, VenueTrade
from brokers.sandbox.venue import Venue
from brokers.services import REPORTS_CHANNEL, reports_record
from qlplatform.core.errors import OperatorError
from tests.factories.stage import LOT, Stage, ref_of

AT = datetime(2022, 6, 15, 3, 51, tzinfo=UTC)
ORDER = OrderReport("V1", "tag", 7, Side.SELL, LOT, 10_200, OrderStatus.FILLED, LOT, AT)
TRADE = TradeReport("T1", "V1", "tag", 7, Side.SELL, LOT, 10_250, AT)


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    return Stage()


@pytest.fixture
def listener(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A connection that hears of reports."""
    params = connection.get_connection_params()
    names = {k: params[k] for k in ("dbname", "user", "password", "host", "port") if params.get(k)}
    with psycopg.connect(**names, autocommit=True) as heard:
        heard.execute(f"LISTEN {REPORTS_CHANNEL}")
        yield heard


def heard_shards(listener: psycopg.Connection) -> list[str]:
    return [note.payload for note in listener.notifies(timeout=0.04)]


def test_the_same_news_is_kept_once(stage: Stage) -> None:
    reports_record(account=stage.account, orders=[ORDER], trades=[TRADE])
    reports_record(account=stage.account, orders=[ORDER], trades=[TRADE])
    assert [(r.kind, r.tag) for r in Report.objects.order_by("pk")] == [("trade", "tag"), ("order", "tag")]


def test_new_news_of_the_same_order_is_kept(stage: Stage) -> None:
    reports_record(account=stage.account, orders=[replace(ORDER, status=OrderStatus.PARTIAL, filled_qty=25)])
    reports_record(account=stage.account, orders=[ORDER])
    assert list(Report.objects.order_by("pk").values_list("status", "filled_qty")) == [
        ("PARTIAL", 25),
        ("FILLED", LOT),
    ]


def test_the_owner_of_the_shard_is_woken_at_commit(stage: Stage, listener: psycopg.Connection) -> None:
    with transaction.atomic():
        reports_record(account=stage.account, orders=[ORDER])
        assert heard_shards(listener) == []
    assert heard_shards(listener) == [str(stage.account.shard)]


def test_the_venue_tells_of_an_order_in_the_transaction_that_fills_it(
    stage: Stage, listener: psycopg.Connection
) -> None:
    venue = Venue()
    venue.price_event(stage.next_snapshot({stage.call: 10_000}))
    order = OrderRequest("tag", stage.account.public_id, ref_of(stage.call), Side.BUY, LOT, 50_000)
    venue.place(order)
    assert heard_shards(listener) == [str(stage.account.shard)]
    (row,) = VenueOrder.objects.all()
    (trade,) = VenueTrade.objects.all()
    told = Report.objects.order_by("pk").values_list(
        "kind", "broker_order_id", "status", "trade_id", "price_paise"
    )
    assert list(told) == [
        ("trade", row.broker_order_id, "", trade.trade_id, 10_005),
        ("order", row.broker_order_id, "FILLED", "", 50_000),
    ]


def test_after_a_failure_nothing_is_kept_and_memory_is_read_again(stage: Stage) -> None:
    venue = Venue()
    venue.place(OrderRequest("tag", stage.account.public_id, ref_of(stage.call), Side.BUY, LOT, 50_000))
    VenueOrder.objects.filter(tag="tag").update(filled_qty=1)
    with pytest.raises(OperatorError, match="second venue"):
        venue.price_event(stage.next_snapshot({stage.call: 10_000}))
    assert VenueTrade.objects.count() == 0
    assert venue.price_event(stage.next_snapshot({stage.call: 10_000})) == 1
    assert VenueTrade.objects.get().qty == LOT - 1


def test_a_lost_database_connection_is_replaced(stage: Stage, listener: psycopg.Connection) -> None:
    venue = Venue()
    order = OrderRequest("tag", stage.account.public_id, ref_of(stage.call), Side.BUY, LOT, 50_000)
    venue.place(order)
    assert connection.connection is not None
    listener.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    with pytest.raises(OperationalError):
        venue.place(order)
    venue.place(order)
    assert [o.status for o in VenueOrder.objects.all()] == ["OPEN", "OPEN"]


def test_a_filled_order_costs_one_short_transaction(
    stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    venue = Venue()
    order = OrderRequest("tag", stage.account.public_id, ref_of(stage.call), Side.BUY, LOT, 50_000)
    venue.price_event(stage.next_snapshot({stage.call: 10_000}))
    venue.place(order)
    with django_assert_num_queries(7):  # begin, account, order, trade, reports, notify, commit
        venue.place(order)


def test_a_price_event_that_fills_nothing_asks_nothing(
    stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    venue = Venue()
    venue.price_event(stage.next_snapshot({stage.call: 10_000}))
    snapshot = stage.next_snapshot({stage.call: 10_100})
    with django_assert_num_queries(0):
        venue.price_event(snapshot)

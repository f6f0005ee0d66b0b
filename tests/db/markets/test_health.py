"""Faults of data: counted by day, source and code; alerts that reach people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import orjson
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from markets.feed.faults import FaultBook
from markets.gauges import MarketGauges
from markets.models import DataFault
from markets.selectors import data_alerts
from markets.services import Fault, data_alert, fault_record, faults_record
from qlplatform.core import redis
from qlplatform.core.clock import frozen
from qlplatform.core.models import OutboxEvent

AT = datetime(2026, 11, 3, 18, 29, tzinfo=UTC)  # 23:59 IST


@pytest.fixture(autouse=True)
def no_alerts() -> None:
    redis.client().delete(redis.key("data", "alerts"))


def rows() -> list[tuple[object, ...]]:
    return list(
        DataFault.objects.order_by("day", "code").values_list("day", "source", "code", "count", "example")
    )


def test_a_kind_of_fault_has_one_row_a_day(db: None) -> None:
    with frozen(AT) as clock:
        fault_record(source="kite", code="crossed", count=3, example="first")
        fault_record(source="kite", code="crossed", example="second")
        fault_record(source="kite", code="crossed", count=2)
        clock.advance(timedelta(minutes=1))  # midnight in India, 18:30 in UTC
        fault_record(source="kite", code="crossed", example="third")
    assert rows() == [
        (date(2026, 11, 3), "kite", "crossed", 6, "second"),
        (date(2026, 11, 4), "kite", "crossed", 1, "third"),
    ]
    first = DataFault.objects.get(day=date(2026, 11, 3))
    assert (first.first_at, first.last_at) == (AT, AT)


def test_nothing_wrong_writes_nothing_and_long_texts_are_cut(db: None) -> None:
    with frozen(AT):
        faults_record(faults=[])
        fault_record(source="kite", code="crossed", count=0)
        fault_record(source="k" * 99, code="c" * 99, example="e" * 999)
    assert rows() == [(date(2026, 11, 3), "k" * 40, "c" * 32, 1, "e" * 300)]


def test_processes_that_count_at_once_lose_nothing(transactional_db: None) -> None:
    def count() -> None:
        for _ in range(20):
            faults_record(faults=[Fault("kite", "b", 2), Fault("kite", "a", 1)])
        connections.close_all()

    threads = [Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict(DataFault.objects.values_list("code", "count")) == {"a": 60, "b": 120}


def test_an_alert_is_a_fact_and_the_newest_are_kept(db: None) -> None:
    with frozen(AT):
        for n in range(25):
            data_alert(code="feed_silent", text=f"kite: nothing comes in ({n}).", source="kite")
    newest = data_alerts()
    assert (len(newest), newest[0].text, newest[0].at) == (20, "kite: nothing comes in (24).", AT)
    fact = OutboxEvent.objects.latest("pk")
    assert (fact.type, fact.workspace_id, fact.data["code"]) == ("data.alerted", None, "feed_silent")


def test_alerts_and_status_are_empty_rather_than_an_error_without_redis(no_redis: None) -> None:
    assert data_alerts() == []


@pytest.fixture
def no_redis(settings: object) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]


# -- until PostgreSQL has it, and on /metrics ---------------------------------------------


def test_what_postgresql_did_not_take_is_written_with_the_next(
    db: None, django_db_blocker: DjangoDbBlocker
) -> None:
    book = FaultBook()
    book.add("kite", {"crossed": 2})
    with django_db_blocker.block(), pytest.raises(RuntimeError):
        book.write(book.take())
    book.add("kite", {"crossed": 3, "bad_qty": 1})
    book.write(book.take())
    book.write(book.take())
    assert dict(DataFault.objects.values_list("code", "count")) == {"crossed": 5, "bad_qty": 1}


def gauges() -> dict[str, dict[str, float]]:
    return {
        family.name: {sample.labels.get("source", ""): sample.value for sample in family.samples}
        for family in MarketGauges().collect()
    }


def test_metrics_tell_of_sources_and_faults(db: None) -> None:
    source = {"leads": True, "last_tick": None, "reason": ""}
    sources = [
        source | {"name": "kite", "ticks_per_s": 9.5, "silent_since": None},
        source
        | {"name": "dhan", "ticks_per_s": 0.0, "silent_since": (AT - timedelta(seconds=7)).isoformat()},
    ]
    status = {"at": AT.isoformat(), "sources": sources, "instruments": 3, "quoted": 2, "stale": 1}
    with frozen(AT):
        redis.client().set(redis.key("feed", "status"), orjson.dumps(status))
        faults_record(faults=[Fault("kite", "crossed", 2), Fault("kite", "duplicate", 3)])
        assert gauges() == {
            "ql_feed_ticks_per_second": {"kite": 9.5, "dhan": 0.0},
            "ql_feed_silent_seconds": {"kite": 0.0, "dhan": 7.0},
            "ql_feed_stale_instruments": {"": 1.0},
            "ql_data_faults_today": {"kite": 5.0},
        }
        redis.client().delete(redis.key("feed", "status"))
        assert gauges()["ql_feed_ticks_per_second"] == {}

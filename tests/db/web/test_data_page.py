"""The data page tells in plain words what came in, what was wrong with it, and what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from markets.models import DataFault, MasterImport, QuarantinedRow, VolatilityDay
from markets.services import data_alert, faults_record
from markets.services.health import Fault
from qlplatform.core.clock import frozen
from qlplatform.core.redis import client, key
from tests.db.web.conftest import Desk

NOW = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_alerts(db: None) -> object:
    yield
    client().delete(key("data", "alerts"))


def master(**changes: object) -> MasterImport:
    values = {
        "source": "kite", "day": date(2026, 11, 25), "file_name": "instruments.csv", "sha256": "0" * 64,
        "state": "done", "rows": 39_941, "added": 120, "changed": 2, "quarantined": 3, "started_at": NOW,
        "diff": {"lot_changed": [{"instrument": "NIFTY 29 DEC FUT", "before": "75", "after": "65"}]},
        "counts": {"lot_changed": 1},
    }  # fmt: skip
    return MasterImport.objects.create(**values | changes)


def test_an_empty_installation_is_told_what_will_appear(desk: Desk) -> None:
    page = desk.page("/data/")
    for text in (
        "No live price source is connected",
        "Nothing unusable came in during the last 14 days",
        "No instrument master was imported yet",
        "A day is kept at the end of every session",
        "nifty_2022-06",
    ):
        assert text in page


def test_faults_are_counted_by_day_and_told_in_words(desk: Desk) -> None:
    with frozen(NOW):
        faults_record(
            faults=[Fault("kite", "crossed", 1_23_456, '{"bid": 5}'), Fault("kite", "odd_thing", 2)]
        )
    with frozen(NOW + timedelta(days=1)):
        page = desk.page("/data/")
        assert "Bids above the ask; both were left out" in page
        assert "1,23,456" in page
        assert "Odd thing" in page
        assert "0 today" in page
    with frozen(NOW + timedelta(days=20)):
        assert "Nothing unusable" in desk.page("/data/")


def test_a_master_tells_its_changes_and_why_rows_are_in_quarantine(desk: Desk) -> None:
    one = master()
    for line in (4, 9):
        QuarantinedRow.objects.create(master=one, line=line, code="ragged", reason="3 fields", text="a,b,c")
    page = desk.page("/data/")
    assert "39,941" in page
    assert "lines with too few or too many fields × 2" in page
    assert "NIFTY 29 DEC FUT 75 → 65" in page
    assert "All of it in the admin" not in page


def test_a_failed_master_says_so(desk: Desk) -> None:
    master(state="failed", message="The file has no header.", diff={}, counts={})
    page = desk.page("/data/")
    assert "Failed" in page
    assert "The file has no header." in page


def test_staff_are_led_to_the_admin(desk: Desk) -> None:
    one = master()
    boss = desk.member()
    boss.is_staff = True
    boss.save()
    browser = Client()
    browser.force_login(boss)
    assert f"/admin/markets/masterimport/{one.pk}/change/" in browser.get("/data/").content.decode()


def test_alerts_and_what_the_calendar_lacks_come_first(desk: Desk) -> None:
    data_alert(code="silent", text="No price from kite for 5 seconds.", source="kite")
    with frozen(datetime(2031, 3, 3, 6, 0, tzinfo=UTC)):
        page = desk.page("/data/")
    assert page.index("No price from kite for 5 seconds.") < page.index("Live prices")
    assert "holiday list of 2031 is not confirmed" in page


def test_history_of_volatility(desk: Desk) -> None:
    for day in (1, 2, 3):
        VolatilityDay.objects.create(underlying="NIFTY", day=date(2026, 11, day), iv_near=0.1, source="live")
    page = desk.page("/data/")
    assert "1 Nov 2026 to 3 Nov 2026" in page


def test_an_example_cannot_bring_markup(desk: Desk) -> None:
    DataFault.objects.create(
        day=NOW.date(),
        source="<b>x",
        code="bad_price",
        count=1,
        example="<script>",
        first_at=NOW,
        last_at=NOW,
    )
    with frozen(NOW):
        page = desk.page("/data/")
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;x" in page


def test_the_page_asks_the_database_little(desk: Desk, django_assert_max_num_queries: object) -> None:
    for number in range(6):
        master(source=f"broker{number}")
    desk.page("/data/")
    with django_assert_max_num_queries(18):  # type: ignore[operator]
        desk.page("/data/")

"""What the calendar lacks is told in time, and to everybody who can do something about it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from markets.models import Halt, Holiday, MarketRule
from markets.seeding import seed_markets
from markets.selectors import calendar, calendar_alerts, data_alerts, reload_facts
from markets.services import calendar_watch
from qlplatform.core.clock import IST, frozen
from qlplatform.core.models import AuditEntry, User
from qlplatform.core.redis import client, key

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, tzinfo=IST)


@pytest.fixture(autouse=True)
def _seeded() -> object:
    seed_markets()
    reload_facts()
    client().delete(key("data", "alerts"))  # what earlier tests alarmed about
    yield
    reload_facts()


def alerts(day: str) -> tuple[str, ...]:
    return calendar_alerts(datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=IST))


def test_before_november_nothing_is_missing() -> None:
    assert alerts("2026-09-30") == ()


def test_from_november_the_next_list_is_asked_for_at_both_exchanges() -> None:
    found = [text for text in alerts("2026-11-25") if "2027" in text]
    assert len(found) == 2
    assert found[0].startswith(
        "The holiday list of 2027 of NSE is not confirmed: live trading stops in 37 days."
    )


def test_a_year_without_a_list_is_off() -> None:
    assert alerts("2027-01-04")[0].startswith("Live trading on NSE is off: its holiday list of 2027")


def test_the_muhurat_whose_hours_are_unknown_is_announced() -> None:
    assert any("08 Nov 2026" in text for text in alerts("2026-10-20"))


def test_the_rule_entered_by_an_admin_ends_the_alert() -> None:
    for exchange in ("NSE", "BSE"):
        MarketRule.objects.create(
            name="holiday_list", exchange=exchange, value=2027, unit="year", source="NSE/FAOP/80000",
            effective_from="2027-01-01", effective_to="2027-12-31",
        )  # fmt: skip
    reload_facts()
    assert not any("2027" in text for text in alerts("2026-11-25"))
    assert calendar().confirmed_year(2027)


def test_a_holiday_entered_late_closes_its_day() -> None:
    Holiday.objects.create(
        date="2026-12-16",
        exchange="NSE",
        segment="FO",
        kind="HOLIDAY",
        name="Polling day",
        source="NSE/CMTR/1",
    )
    reload_facts()
    assert calendar().session(datetime(2026, 12, 16, tzinfo=IST).date()) is None


def test_the_morning_watch_raises_the_alarm() -> None:
    with frozen(NOW):
        assert calendar_watch() == 2
        assert {alert.text for alert in data_alerts()} == set(calendar_alerts(NOW))


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", "secret"))
    return client


def halt_form(**times: str) -> dict[str, str]:
    """The admin's form: each time is a date and a clock."""
    form = {"exchange": "NSE", "segment": "FO", "reason": "10 % fall", "source": "NSE notice", "note": ""}
    for name, clock in times.items():
        form |= {f"{name}_0": "2026-11-25", f"{name}_1": clock}
    return form | {"confidence": "confirmed"}


def test_a_halt_is_entered_with_its_source_and_audited(admin: Client) -> None:
    form = halt_form(starts_at="11:00:00", pre_open_at="11:45:00", resumes_at="12:00:00")
    assert admin.post(reverse("admin:markets_halt_add"), form).status_code == 302
    assert AuditEntry.objects.filter(action="fact.added").count() == 1
    reload_facts()
    session = calendar().session(NOW.date())
    assert session is not None
    assert [f"{a:%H:%M}-{b:%H:%M}" for a, b in session.sittings] == ["09:15-11:00", "12:00-15:40"]


def test_a_halt_that_ends_before_it_begins_is_sent_back(admin: Client) -> None:
    form = halt_form(starts_at="11:00:00", resumes_at="10:00:00")
    assert admin.post(reverse("admin:markets_halt_add"), form).status_code == 200
    assert not Halt.objects.exists()


@pytest.mark.parametrize("place", ["/admin/", "/status/", "/data/"])
def test_admin_status_and_data_pages_tell(admin: Client, place: str) -> None:
    with frozen(NOW):
        page = admin.get(place, follow=True).content.decode()
    assert "The holiday list of 2027 of NSE is not confirmed" in page

"""The admin: facts are corrected with a source and an audit entry, markets and instruments are only looked
at.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from markets.models import ChargeRate, Holiday, Market
from qlplatform.core.models import AuditEntry, User

LISTS = (
    "market",
    "instrument",
    "datafault",
    "volatilityday",
    "holiday",
    "sessiontime",
    "contractfact",
    "chargerate",
    "brokeragerate",
    "marketrule",
    "halt",
)


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", "secret"))
    return client


@pytest.mark.parametrize("model", LISTS)
def test_lists_open_and_nothing_can_be_deleted(admin: Client, model: str) -> None:
    answer = admin.get(reverse(f"admin:markets_{model}_changelist"))
    assert answer.status_code == 200
    assert "delete_selected" not in answer.content.decode()


@pytest.mark.parametrize("model", ["market", "instrument"])
def test_markets_and_instruments_cannot_be_added(admin: Client, model: str) -> None:
    assert admin.get(reverse(f"admin:markets_{model}_add")).status_code == 403


def test_a_market_is_shown_but_not_changed(admin: Client) -> None:
    address = reverse("admin:markets_market_change", args=[Market.objects.get().pk])
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"speed": 1}).status_code == 403


def post_rate(admin: Client, row: ChargeRate, **changes: str) -> int:
    form = {
        "rate": "0.2",
        "unit": row.unit,
        "basis": row.basis,
        "source": row.source,
        "confidence": row.confidence,
    }
    address = reverse("admin:markets_chargerate_change", args=[row.pk])
    return admin.post(address, form | {"effective_to": "", "note": "", "exchange": ""} | changes).status_code


@pytest.fixture
def stt() -> ChargeRate:
    return ChargeRate.objects.get(segment="INDEX_OPT", item="STT", effective_to=None)


def test_a_correction_is_audited(admin: Client, stt: ChargeRate) -> None:
    assert post_rate(admin, stt, source="Finance Act 2027") == 302
    stt.refresh_from_db()
    assert str(stt.rate) == "0.200000"
    entry = AuditEntry.objects.get(action="fact.changed")
    assert (entry.actor, entry.via, entry.after["source"]) == (
        "root@example.com",
        "admin",
        "Finance Act 2027",
    )


def test_a_correction_without_a_source_is_sent_back(admin: Client, stt: ChargeRate) -> None:
    assert post_rate(admin, stt, source="") == 200
    stt.refresh_from_db()
    assert str(stt.rate) == "0.150000"


def test_what_identifies_a_fact_stays(admin: Client, stt: ChargeRate) -> None:
    post_rate(admin, stt, effective_from="2020-01-01", item="GST")
    stt.refresh_from_db()
    assert (stt.item, stt.effective_from.isoformat()) == ("STT", "2026-04-01")


def test_a_holiday_is_added(admin: Client) -> None:
    form = {"date": "2026-12-09", "exchange": "NSE", "segment": "FO", "kind": "HOLIDAY", "name": "Election"}
    form |= {"source": "NSE circular", "confidence": "confirmed", "note": ""}
    assert admin.post(reverse("admin:markets_holiday_add"), form).status_code == 302
    assert Holiday.objects.get(name="Election").source == "NSE circular"

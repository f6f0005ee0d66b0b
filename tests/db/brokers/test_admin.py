"""Admin of accounts, reports and the simulated exchange's books."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from brokers.gateway import OrderRequest, Side
from brokers.models import BrokerAccount, InstrumentAlias, Report, VenueOrder, VenueTrade
from brokers.sandbox.venue import Venue
from qlplatform.core.models import AuditEntry, User
from tests.factories.stage import LOT, Stage, ref_of

pytestmark = pytest.mark.django_db

MODELS = ["brokeraccount", "instrumentalias", "report", "venueorder", "venuetrade"]


@pytest.fixture
def stage() -> Stage:
    """A stage on which one order was filled."""
    stage, venue = Stage(), Venue()
    venue.price_event(stage.next_snapshot({stage.call: 10_000}))
    venue.place(OrderRequest("tag", stage.account.public_id, ref_of(stage.call), Side.BUY, LOT, 50_000))
    InstrumentAlias.objects.create(
        broker="kite", instrument=stage.call, exchange="NFO", symbol="N", token="1", seen_on=date(2022, 6, 15)
    )
    return stage


@pytest.fixture
def superuser(stage: Stage) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.test"))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_lists_open(superuser: Client, model: str) -> None:
    assert superuser.get(reverse(f"admin:brokers_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_not_even_a_superuser_adds(superuser: Client, model: str) -> None:
    assert superuser.get(reverse(f"admin:brokers_{model}_add")).status_code == 403


@pytest.mark.parametrize("kind", [InstrumentAlias, Report, VenueOrder, VenueTrade])
def test_not_even_a_superuser_changes_or_deletes(superuser: Client, kind: type[Report]) -> None:
    row = kind.objects.first()
    assert row is not None
    name = kind._meta.model_name
    assert superuser.post(reverse(f"admin:brokers_{name}_change", args=[row.pk]), {}).status_code == 403
    assert (
        superuser.post(reverse(f"admin:brokers_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code
        == 403
    )
    assert kind.objects.filter(pk=row.pk).exists()


def test_a_new_name_goes_into_the_audit_trail(superuser: Client, stage: Stage) -> None:
    address = reverse("admin:brokers_brokeraccount_change", args=[stage.account.pk])
    answer = superuser.post(address, {"name": "Renamed", "brokerage_plan": "zerodha"})
    assert answer.status_code == 302
    assert BrokerAccount.objects.get(pk=stage.account.pk).name == "Renamed"
    entry = AuditEntry.objects.get(action="account.changed")
    assert (entry.actor, entry.via) == ("root@example.test", "admin")

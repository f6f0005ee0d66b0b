from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brokers.models import BrokerAccount
from markets.seeding import seed_markets
from portfolio.models import Fill, Limit, Position
from portfolio.services import fill_apply, limits_seed
from qlplatform.core.models import AuditEntry
from tests.factories import ledger
from tests.factories.staff import superuser_client

MODELS = ["fill", "position", "book", "reservation", "limit"]


@pytest.fixture
def account(db: None) -> BrokerAccount:
    seed_markets()
    account = ledger.account()
    limits_seed(account)
    book = ledger.book(account)
    for _ in range(3):
        fill_apply(order=ledger.order(account, book), trade=ledger.trade(1_00_000, 120_00))
    return account


@pytest.fixture
def admin(db: None) -> Client:
    return superuser_client()


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens_with_few_queries(
    admin: Client, account: BrokerAccount, model: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(15):
        assert admin.get(f"/admin/portfolio/{model}/").status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_by_hand(admin: Client, account: BrokerAccount, model: str) -> None:
    assert admin.get(f"/admin/portfolio/{model}/add/").status_code == 403


@pytest.mark.parametrize("model", [Fill, Position])
def test_history_is_read_only_even_for_superusers(
    admin: Client, account: BrokerAccount, model: type[Fill | Position]
) -> None:
    row = model.objects.earliest("pk")
    path = f"/admin/portfolio/{model._meta.model_name}/{row.pk}"

    assert admin.get(f"{path}/change/").status_code == 200
    assert admin.post(f"{path}/change/", {"qty": 1}).status_code == 403
    assert admin.post(f"{path}/delete/", {"post": "yes"}).status_code == 403


def test_quantities_have_indian_digits(admin: Client, account: BrokerAccount) -> None:
    assert "−3,00,000" in admin.get("/admin/portfolio/position/").content.decode()


def test_a_limit_is_changed_in_rupees_with_audit(admin: Client, account: BrokerAccount) -> None:
    limit = Limit.objects.get(kind="day_loss")
    path = f"/admin/portfolio/limit/{limit.pk}/change/"
    assert 'value="25000.00"' in admin.get(path).content.decode()

    assert admin.post(path, {"value": "10,000.50", "enabled": "on"}).status_code == 302

    limit.refresh_from_db()
    assert limit.value == 10_000_50
    entry = AuditEntry.objects.get(action="limit.changed")
    assert (entry.before["value"], entry.after["value"]) == (25_000_00, 10_000_50)
    assert (entry.actor, entry.via, entry.workspace_id) == (
        "root@example.test",
        "admin",
        account.workspace_id,
    )


@pytest.mark.parametrize(
    ("kind", "text"), [("day_loss", "0"), ("day_loss", "1.005"), ("day_loss", ""), ("open_lots", "-3")]
)
def test_a_bad_limit_is_told_in_the_form(admin: Client, account: BrokerAccount, kind: str, text: str) -> None:
    limit = Limit.objects.get(kind=kind)

    answer = admin.post(f"/admin/portfolio/limit/{limit.pk}/change/", {"value": text, "enabled": "on"})

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["value"]
    assert Limit.objects.get(pk=limit.pk).value == limit.value

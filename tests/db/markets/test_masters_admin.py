"""Imports in the admin: shown with what they changed and could not use, never edited."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from markets.master.rows import Bad
from markets.models import MasterImport
from qlplatform.core.clock import frozen
from tests.db.markets.masters import TUESDAY, bring, call
from tests.factories.staff import superuser_client


@pytest.fixture
def admin() -> Client:
    return superuser_client()


@pytest.fixture
def master() -> MasterImport:
    with frozen(datetime(2026, 11, 17, 3, tzinfo=UTC)):
        bring(call())
        return bring(call(lot_size=75), Bad(2, "ragged", "3 values", "<b>a,b</b>"), day=TUESDAY)


def test_the_list_shows_figures(admin: Client, master: MasterImport) -> None:
    page = admin.get(reverse("admin:markets_masterimport_changelist")).content.decode()
    assert "exchange" in page
    assert "0.0 s" in page


def test_one_import_shows_its_changes_and_unusable_lines(admin: Client, master: MasterImport) -> None:
    page = admin.get(reverse("admin:markets_masterimport_change", args=[master.pk])).content.decode()
    assert "NIFTY 24 NOV 25400 CE: 65 → 75" in page
    assert "quarantined: 1 × ragged" in page
    assert "&lt;b&gt;a,b&lt;/b&gt;" in page


def test_nothing_of_it_can_be_changed(admin: Client, master: MasterImport) -> None:
    address = reverse("admin:markets_masterimport_change", args=[master.pk])
    assert admin.post(address, {"state": "failed"}).status_code == 403
    assert admin.get(reverse("admin:markets_masterimport_add")).status_code == 403

"""A trader's browser on a workspace with one straddle that sold its call."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from execution.models import Decision, Leg
from tests.factories.trading import AT_0920, LOT, Floor


class Desk(Floor):
    """A floor with an open run, a filled order, a leg and a decision, and its owner's browser."""

    def __init__(self) -> None:
        super().__init__()
        self.open = self.run(phase="RUNNING")
        intent = self.intent(self.open)
        self.sold = self.order(intent, state="FILLED", filled_qty=LOT, filled_value_paise=LOT * 100_00)
        Leg.objects.create(
            run=self.open, leg_id="L1", instrument=self.call, side="SELL", lots=1, qty=LOT, entry_qty=LOT,
            entry_value_paise=LOT * 100_00, entered_at=AT_0920, stop="125.00",
        )  # fmt: skip
        Decision.objects.create(
            run=self.open, at=AT_0920, kind="open", text="Sell 50 to open L1", leg_id="L1"
        )
        self.browser = Client()
        self.browser.force_login(self.member())

    def page(self, url: str, **headers: str) -> str:
        """The text of a page that must exist."""
        response = self.browser.get(url, headers=headers)
        assert response.status_code == 200, (url, response.status_code)
        return str(response.content.decode())

    def said(self, url: str, **data: str) -> list[str]:
        """The messages after a form was sent."""
        response = self.browser.post(url, data, follow=True)
        assert response.status_code == 200
        return [str(message) for message in response.context["messages"]]


@pytest.fixture(autouse=True)
def a_static_root(settings: Settings) -> None:
    """Static files are collected by bin/run only; a root that does not exist would be warned about."""
    settings.STATIC_ROOT = settings.STATICFILES_DIRS[0]


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()

"""Wherever a made-up session can be chosen or is played, it says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from brokers.models import BrokerAccount
from brokers.services import account_open_paper
from execution.services.replays import replay_start
from markets.selectors import facts_from_files, live_market
from markets.synthetic import SyntheticPlan, generate
from qlplatform.core.tenancy import Role
from tests.db.web.conftest import Desk


@pytest.fixture(autouse=True)
def _made_up(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    with facts_from_files():
        generate(SyntheticPlan(sessions=1, strikes=11), tmp_path / "sessions" / "made_up")


def test_the_data_page_and_the_choice_of_days(desk: Desk) -> None:
    assert '<span class="tag">SYNTHETIC</span>' in desk.page("/data/")
    home = desk.page("/")
    assert "NIFTY · made_up · SYNTHETIC" in home
    assert "NIFTY · nifty_2022-06 · SYNTHETIC" not in home


def test_the_account_of_its_replay(desk: Desk) -> None:
    by = desk.actor(Role.OWNER)
    account_open_paper(workspace=desk.workspace, market=live_market(), name="Paper", capital_paise=1, by=by)
    market = replay_start(workspace=desk.workspace, by=by, source="made_up")
    account = BrokerAccount.objects.get(market=market)
    assert (account.name, market.session_date) == ("Synthetic 13 Nov 2025", date(2025, 11, 13))

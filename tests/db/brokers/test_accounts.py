"""Opening and changing accounts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brokers.gateway import BrokerGateway
from brokers.models import BrokerAccount
from brokers.registry import open_gateway
from brokers.services import SHARDS, account_open_paper, account_rename, shard_of
from qlplatform.core.errors import OperatorError, UserError
from qlplatform.core.models import AuditEntry, Workspace
from qlplatform.core.tenancy import Actor
from tests.factories.stage import Stage

BY = Actor.system("test")
pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_paper_account_is_opened_with_its_shard_and_an_audit_entry(stage: Stage) -> None:
    account = stage.account
    assert (account.broker, account.mode, account.state) == ("paper", "paper", "active")
    assert account.capital_paise == 10_00_000_00
    assert account.shard == shard_of(account.public_id)
    entry = AuditEntry.objects.get(action="account.opened")
    assert (entry.target_id, entry.workspace_id) == (account.public_id, stage.workspace.pk)


@pytest.mark.parametrize("capital", [0, -1])
def test_capital_must_be_positive(stage: Stage, capital: int) -> None:
    with pytest.raises(UserError) as caught:
        account_open_paper(
            workspace=stage.workspace, market=stage.market, name="x", capital_paise=capital, by=BY
        )
    assert caught.value.code == "invalid_capital"
    assert BrokerAccount.objects.count() == 1


def test_nobody_trades_on_the_replay_of_another_workspace(stage: Stage) -> None:
    other = Workspace.objects.create(name="Other")
    with pytest.raises(UserError) as caught:
        account_open_paper(workspace=other, market=stage.market, name="x", capital_paise=1, by=BY)
    assert caught.value.code == "wrong_workspace"


def test_a_change_of_name_and_plan_is_audited(stage: Stage) -> None:
    account_rename(account=stage.account, name="New", brokerage_plan="flat", by=BY)
    stage.account.refresh_from_db()
    assert (stage.account.name, stage.account.brokerage_plan) == ("New", "flat")
    entry = AuditEntry.objects.get(action="account.changed")
    assert entry.before == {"name": "One", "brokerage_plan": "zerodha"}
    assert entry.after == {"name": "New", "brokerage_plan": "flat"}


def test_the_registry_opens_a_gateway_by_broker(stage: Stage) -> None:
    gateway: BrokerGateway = open_gateway(stage.account)
    assert gateway.caps.broker == "paper"


def test_an_unknown_broker_is_told(stage: Stage) -> None:
    stage.account.broker = "nobody"
    with pytest.raises(OperatorError) as caught:
        open_gateway(stage.account)
    assert caught.value.code == "unknown_broker"


@given(st.text())
def test_every_account_has_a_shard(public_id: str) -> None:
    assert 0 <= shard_of(public_id) < SHARDS

from __future__ import annotations

import pytest

from brokers.models import BrokerAccount
from portfolio.models import Limit
from portfolio.selectors import limits
from portfolio.services import limit_set, limits_copy, limits_seed
from qlplatform.core.errors import NotEntitled, UserError
from qlplatform.core.models import AuditEntry, OutboxEvent
from tests.factories import ledger


def values(account: BrokerAccount) -> dict[str, tuple[int, bool]]:
    return {limit.kind: (limit.value, limit.enabled) for limit in Limit.objects.filter(account=account)}


def test_a_paper_account_begins_with_small_limits(account: BrokerAccount) -> None:
    limits_seed(account)
    limits_seed(account)

    assert values(account) == {"day_loss": (25_000_00, True), "open_lots": (40, True)}


def test_seeding_leaves_a_changed_limit_alone(account: BrokerAccount) -> None:
    limit_set(account=account, kind="open_lots", value=5, by=ledger.actor(account.workspace))
    limits_seed(account)

    assert values(account)["open_lots"] == (5, True)


def test_a_replay_copies_the_limits_of_the_home_account(account: BrokerAccount) -> None:
    by = ledger.actor(account.workspace)
    limit_set(account=account, kind="open_lots", value=5, by=by)
    limit_set(account=account, kind="day_loss", value=1_000_00, by=by, enabled=False)
    other = ledger.account(account.workspace)

    limits_copy(source=account, target=other)

    assert values(other) == values(account) == {"open_lots": (5, True), "day_loss": (1_000_00, False)}


def test_changing_a_limit_is_audited_with_before_and_after_and_told(account: BrokerAccount) -> None:
    limits_seed(account)
    limit = limit_set(account=account, kind="open_lots", value=12, by=ledger.actor(account.workspace, "risk"))

    entry = AuditEntry.objects.get(action="limit.changed")
    assert (entry.before, entry.after) == ({"value": 40, "enabled": True}, {"value": 12, "enabled": True})
    assert (entry.target_id, entry.workspace_id) == (limit.public_id, account.workspace_id)
    event = OutboxEvent.objects.get(type="limit.changed")
    assert event.data == {"limit": limit.public_id, "kind": "open_lots", "value": 12, "enabled": True}


def test_setting_what_is_set_already_leaves_no_trace(account: BrokerAccount) -> None:
    limits_seed(account)
    limit_set(account=account, kind="open_lots", value=40, by=ledger.actor(account.workspace))

    assert not AuditEntry.objects.filter(action="limit.changed").exists()


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("open_lots", 0, "bad_limit"),
        ("day_loss", -1, "bad_limit"),
        ("day_loss", 10**16, "bad_limit"),
        ("open_lots", 10**7, "bad_limit"),
        ("margin", 5, "unknown_limit"),
    ],
)
def test_a_bad_limit_is_refused_and_nothing_changes(
    account: BrokerAccount, kind: str, value: int, code: str
) -> None:
    limits_seed(account)

    with pytest.raises(UserError) as refusal:
        limit_set(account=account, kind=kind, value=value, by=ledger.actor(account.workspace))

    assert refusal.value.code == code
    assert values(account) == {"day_loss": (25_000_00, True), "open_lots": (40, True)}


@pytest.mark.parametrize("role", ["trader", "viewer"])
def test_only_owner_and_risk_may_change_limits(account: BrokerAccount, role: str) -> None:
    with pytest.raises(NotEntitled):
        limit_set(account=account, kind="open_lots", value=5, by=ledger.actor(account.workspace, role))

    assert values(account) == {}


def test_limits_of_another_workspace_do_not_exist(account: BrokerAccount) -> None:
    limits_seed(account)

    assert limits(ledger.actor(account.workspace)).count() == 2
    assert limits(ledger.actor(ledger.workspace())).count() == 0

"""Opening and changing accounts."""

from __future__ import annotations

import hashlib
from typing import Final

from django.db import transaction

from brokers.models import BrokerAccount
from markets.models import Market
from qlplatform.core import audit
from qlplatform.core.errors import UserError
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor

SHARDS: Final = 64


def shard_of(public_id: str) -> int:
    """Which of the 64 shards an account belongs to; the same in every process and release."""
    return int.from_bytes(hashlib.sha256(public_id.encode()).digest()[:8], "big") % SHARDS


@transaction.atomic
def account_open_paper(
    *, workspace: Workspace, market: Market, name: str, capital_paise: int, by: Actor
) -> BrokerAccount:
    """Open a paper account on `market` with `capital_paise` of starting cash.

    Raises UserError `invalid_capital` unless the capital is positive, `wrong_workspace` for another
    workspace's replay.
    """
    if capital_paise <= 0:
        raise UserError("Starting capital must be more than zero.", code="invalid_capital")
    if market.workspace_id not in (None, workspace.pk):
        raise UserError(
            "This replay belongs to another workspace; start one of your own.", code="wrong_workspace"
        )
    account = BrokerAccount(
        workspace=workspace, market=market, broker="paper", name=name, capital_paise=capital_paise
    )
    account.shard = shard_of(account.public_id)
    account.save()
    audit.record(
        "account.opened",
        by=by,
        target=account,
        text=f"Paper account “{name}” opened on {market}.",
        after={"broker": "paper", "market": market.public_id, "capital_paise": capital_paise},
    )
    return account


@transaction.atomic
def account_rename(*, account: BrokerAccount, name: str, brokerage_plan: str, by: Actor) -> BrokerAccount:
    """Change how an account is called and by which plan its brokerage is computed from now on."""
    current = BrokerAccount.objects.select_for_update().get(pk=account.pk)
    before = {"name": current.name, "brokerage_plan": current.brokerage_plan}
    current.name, current.brokerage_plan = name, brokerage_plan
    current.save(update_fields=["name", "brokerage_plan"])
    after = {"name": name, "brokerage_plan": brokerage_plan}
    audit.record("account.changed", by=by, target=current, before=before, after=after)
    return current

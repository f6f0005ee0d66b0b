"""Limits of accounts: the defaults they begin with, and changing them."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from brokers.models import BrokerAccount
from portfolio.domain.limits import RULES
from portfolio.models import Limit
from qlplatform.core import audit, outbox
from qlplatform.core.errors import UserError
from qlplatform.core.tenancy import Actor

# What a paper account begins with: a day loss of ₹25,000 and 40 open lots.
DEFAULTS: Final = {Limit.Kind.DAY_LOSS: 25_000_00, Limit.Kind.OPEN_LOTS: 40}
_MOST: Final = {Limit.Kind.DAY_LOSS: 10**15, Limit.Kind.OPEN_LOTS: 1_000_000}


@transaction.atomic
def limit_set(*, account: BrokerAccount, kind: str, value: int, by: Actor, enabled: bool = True) -> Limit:
    """Set a limit, in paise for day_loss, in lots for open_lots; it holds from the next entry on.

    Raises UserError `unknown_limit` or `bad_limit`, NotEntitled without the right “limits”.
    """
    by.require("limits")
    limit_check(kind, value)
    limit = Limit.objects.select_for_update(of=("self",)).filter(account=account, kind=kind).first()
    before = _state(limit) if limit else None
    limit = limit or Limit(workspace_id=account.workspace_id, account=account, kind=kind)
    limit.value, limit.enabled = value, enabled
    if _state(limit) == before:
        return limit
    limit.save()
    audit.record(
        "limit.changed", by=by, target=limit, text=f"{limit} on {account}", before=before, after=_state(limit)
    )
    outbox.publish(
        "limit.changed",
        workspace_id=account.workspace_id,
        data={"limit": limit.public_id, "kind": kind} | _state(limit),
        account=account.public_id,
        mode=account.mode,
    )
    return limit


def limits_seed(account: BrokerAccount) -> None:
    """Give a new account the default limits it does not have yet."""
    for kind, value in DEFAULTS.items():
        _ensure(account, kind, value, enabled=True)


def limits_copy(*, source: BrokerAccount, target: BrokerAccount) -> None:
    """Give a new account the limits of another one (a replay has those of the workspace's paper account)."""
    for limit in Limit.objects.filter(account=source).order_by("kind"):
        _ensure(target, limit.kind, limit.value, enabled=limit.enabled)


def _ensure(account: BrokerAccount, kind: str, value: int, *, enabled: bool) -> None:
    Limit.objects.get_or_create(
        account=account,
        kind=kind,
        defaults={"workspace_id": account.workspace_id, "value": value, "enabled": enabled},
    )


def limit_check(kind: str, value: int) -> None:
    """Raise UserError `unknown_limit` or `bad_limit` unless a limit may have this value."""
    if kind not in RULES:
        raise UserError(f"There is no limit “{kind}”; there is: {', '.join(RULES)}.", code="unknown_limit")
    if not 0 < value <= _MOST[Limit.Kind(kind)]:
        what = "an amount above ₹0" if kind == Limit.Kind.DAY_LOSS else "a whole number of at least 1"
        raise UserError(f"{Limit.Kind(kind).label} must be {what}, and not absurdly large.", code="bad_limit")


def _state(limit: Limit) -> dict[str, int | bool]:
    return {"value": limit.value, "enabled": limit.enabled}

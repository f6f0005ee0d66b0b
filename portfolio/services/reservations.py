"""The gate of limits: lots are promised to a structure before its first order leaves, so that racing entries
cannot both pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from brokers.models import BrokerAccount
from portfolio.domain.limits import limits_check
from portfolio.models import Reservation
from portfolio.selectors import account_exposure, limits_of
from qlplatform.core.clock import IST


@transaction.atomic
def reserve(
    *, account: BrokerAccount, run_ref: str, cycle: int, lots: int, at: datetime, marks: Mapping[int, int]
) -> Reservation:
    """Promise `lots` (all legs together) to cycle `cycle` of a run, or raise LimitBreached with every breach.

    `at` is market time; `marks` are the prices of the snapshot the entry was decided on. Asking again for a
    promise that is still open returns it. The account row is locked until the caller's transaction ends: the
    next entry sees this promise.
    """
    BrokerAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    known = Reservation.objects.filter(run_ref=run_ref, cycle=cycle).first()
    if known is not None and known.open:
        return known
    exposure = account_exposure(account.pk, on=at.astimezone(IST).date(), marks=marks, wanted_lots=lots)
    limits_check(limits_of(account.pk), exposure)
    promise, _ = Reservation.objects.update_or_create(
        run_ref=run_ref,
        cycle=cycle,
        defaults={
            "workspace_id": account.workspace_id,
            "account": account,
            "lots": lots,
            "open": True,
            "created_at": at,
        },
    )
    return promise


def reservation_release(*, run_ref: str, cycle: int | None = None) -> int:
    """Give back what a run (or one cycle of it) was promised; returns how many. Freeing needs no lock."""
    promises = Reservation.objects.filter(run_ref=run_ref, open=True)
    if cycle is not None:
        promises = promises.filter(cycle=cycle)
    return promises.update(open=False)

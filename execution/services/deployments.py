"""Putting a strategy to work on an account, pausing it, taking it off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from baskets.models import Basket
from brokers.models import BrokerAccount
from execution.models import Deployment, Run, Schedule
from execution.services.entry_gate import kill_refuse
from execution.services.events import run_event_add
from execution.services.schedule import next_due
from markets.services import market_now
from portfolio.models import Book
from portfolio.services import book_create_basket, book_create_deployment
from qlplatform.core import audit, outbox
from qlplatform.core.errors import Conflict, UserError
from qlplatform.core.tenancy import Actor
from strategies.models import Strategy, StrategyVersion


@transaction.atomic
def deployment_create(
    *,
    strategy: Strategy,
    account: BrokerAccount,
    by: Actor,
    multiplier: int = 1,
    basket: Basket | None = None,
    version: StrategyVersion | None = None,
) -> Deployment:
    """Deploy `strategy` on `account`; it opens its first run at the next entry time of the account's market.

    Raises UserError when strategy, basket and account are not of one workspace, or the multiplier is below 1.
    """
    by.require("trade")
    owned = [strategy, account, *([basket] if basket else [])]
    if len({row.workspace_id for row in owned}) != 1:
        raise UserError(
            "Strategy, basket and account must belong to the same workspace.", code="mixed_workspaces"
        )
    if version is not None and version.strategy_id != strategy.pk:
        raise UserError("That version belongs to another strategy.", code="wrong_version")
    if multiplier < 1:
        raise UserError("The multiplier must be a whole number of at least 1.", code="bad_multiplier")
    if account.state == BrokerAccount.State.CLOSED:
        raise UserError(f"The account “{account.name}” is closed; choose another.", code="account_closed")
    deployment = Deployment.objects.create(
        workspace_id=strategy.workspace_id,
        strategy=strategy,
        account=account,
        basket=basket,
        version=version,
        multiplier=multiplier,
        book=_book(strategy, account, basket),
    )
    Schedule.objects.create(
        deployment=deployment,
        market=account.market,
        next_due_at=next_due(deployment, market_now(account.market)),
    )
    audit.record(
        "deployment.created",
        by=by,
        target=deployment,
        workspace_id=strategy.workspace_id,
        text=str(deployment),
    )
    _publish(deployment, "created")
    return deployment


def _book(strategy: Strategy, account: BrokerAccount, basket: Basket | None) -> Book:
    """The deployment's own book, below the one its basket has on the account, if it is in one."""
    parent = None
    if basket is not None:
        sibling = (
            Deployment.objects.filter(basket=basket, account=account).select_related("book__parent").first()
        )
        parent = sibling.book.parent if sibling else book_create_basket(account=account, name=basket.name)
    return book_create_deployment(account=account, name=strategy.name, parent=parent)


@transaction.atomic
def deployment_pause(*, deployment: Deployment, by: Actor) -> Deployment:
    """No new entries from now on; what is open stays managed. Pausing twice is harmless."""
    by.require("stop")
    return _switch(deployment, Deployment.State.PAUSED, "PAUSE", by)


@transaction.atomic
def deployment_resume(*, deployment: Deployment, by: Actor) -> Deployment:
    """Allow entries again. Raises KillSwitchOn while the kill switch is on."""
    by.require("trade")
    kill_refuse(deployment.workspace_id)
    return _switch(deployment, Deployment.State.ACTIVE, "RESUME", by)


@transaction.atomic
def deployment_archive(*, deployment: Deployment, by: Actor) -> Deployment:
    """Take it off for good; refused while a run is open."""
    by.require("trade")
    # the schedule's row first: open_due holds it while it opens a run, so none can begin after the look
    Schedule.objects.filter(deployment=deployment).update(next_due_at=None)
    if open_run(deployment) is not None:
        raise Conflict("It still has an open run. Square it off first, then archive it.", code="run_open")
    return _switch(deployment, Deployment.State.ARCHIVED, None, by)


@transaction.atomic
def deployment_square_off(*, deployment: Deployment, by: Actor, reason: str = "MANUAL") -> Run:
    """Close everything the open run holds, now. Raises Conflict when nothing is open."""
    by.require("stop")
    run = open_run(deployment)
    if run is None:
        raise Conflict("Nothing is open: this strategy has no run to square off.", code="nothing_open")
    run_square_off(run=run, by=by, reason=reason)
    return run


@transaction.atomic
def run_square_off(*, run: Run, by: Actor, reason: str = "MANUAL", text: str = "") -> None:
    """Tell an open run to close everything it holds. `reason` is an exit reason of the closed list. Raises
    Conflict when the run has ended.
    """
    by.require("stop")
    if not Run.objects.select_for_update(of=("self",)).get(pk=run.pk).is_open:
        raise Conflict("This run has ended: nothing of it is open.", code="nothing_open")
    command(run, "SQUARE_OFF", reason=reason, text=text or f"Square-off by {by.label}")
    audit.record("run.square_off", by=by, target=run, workspace_id=run.workspace_id, text=text)
    outbox.publish(
        "run.square_off_requested",
        workspace_id=run.workspace_id,
        data={"run": run.public_id, "by": by.label},
        account=run.account.public_id,
        mode=run.account.mode,
    )


def command(run: Run, kind: str, *, reason: str, text: str) -> None:
    """Queue an operator's command for the run's engine."""
    at: datetime = market_now(run.market)
    run_event_add(run_id=run.pk, kind="command", data={"kind": kind, "reason": reason, "text": text}, at=at)


def open_run(deployment: Deployment) -> Run | None:
    """The deployment's open run, if any."""
    return deployment.runs.exclude(phase__in=Run.CLOSED).select_related("market", "account").first()


def _switch(deployment: Deployment, state: str, kind: str | None, by: Actor) -> Deployment:
    locked = Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
    before = locked.state
    if before == state:
        return locked
    if before == Deployment.State.ARCHIVED:
        raise Conflict("It is archived; deploy the strategy again instead.", code="archived")
    locked.state = state
    locked.save(update_fields=["state"])
    run = open_run(locked)
    if run is not None and kind is not None:
        command(run, kind, reason="MANUAL", text=f"{kind.lower()}d by {by.label}")
    audit.record(
        f"deployment.{state}",
        by=by,
        target=locked,
        workspace_id=locked.workspace_id,
        text=str(locked),
        before={"state": before},
        after={"state": state},
    )
    _publish(locked, state)
    return locked


def _publish(deployment: Deployment, verb: str) -> None:
    outbox.publish(
        f"deployment.{verb}",
        workspace_id=deployment.workspace_id,
        data={"deployment": deployment.public_id, "strategy": deployment.strategy.name},
        account=deployment.account.public_id,
        mode=deployment.account.mode,
    )

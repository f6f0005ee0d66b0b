"""Writes of baskets: making one, and choosing the strategies in it."""

from __future__ import annotations

from django.db import transaction

from baskets.models import Basket, BasketMember
from qlplatform.core import audit, outbox
from qlplatform.core.errors import Conflict, UserError
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor
from strategies.models import Strategy


@transaction.atomic
def basket_create(
    *, workspace: Workspace, name: str, by: Actor, description: str = "", capital_paise: int = 0
) -> Basket:
    """A new, empty basket. Raises UserError for a missing name or negative capital, Conflict `name_taken`."""
    by.require("trade")
    name = name.strip()
    if not 1 <= len(name) <= 80:
        raise UserError("A basket needs a name of 1 to 80 characters.", code="bad_name")
    if capital_paise < 0:
        raise UserError(
            "Capital cannot be below ₹0; leave it at 0 when it is not set aside.", code="bad_capital"
        )
    # The workspace's lock makes "is it taken?" and "take it" one step.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    if Basket.objects.filter(workspace=workspace, name=name).exists():
        raise Conflict(f"There is a basket “{name}” already; choose another name.", code="name_taken")
    basket = Basket.objects.create(
        workspace=workspace, name=name, description=description[:240], capital_paise=capital_paise
    )
    audit.record("basket.created", by=by, target=basket, text=f"Basket “{name}” created.")
    _publish(basket, "created")
    return basket


@transaction.atomic
def basket_member_add(*, basket: Basket, strategy: Strategy, by: Actor, multiplier: int = 1) -> BasketMember:
    """Put a strategy into a basket, or change its multiplier there.

    Raises UserError `mixed_workspaces` or `bad_multiplier`, Conflict `archived`.
    """
    by.require("trade")
    locked = Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk)
    _check(locked, strategy, multiplier)
    before = BasketMember.objects.filter(basket=locked, strategy=strategy).first()
    member, _ = BasketMember.objects.update_or_create(
        basket=locked, strategy=strategy, defaults={"multiplier": multiplier}
    )
    audit.record(
        "basket.member_set",
        by=by,
        target=locked,
        text=f"“{strategy.name}” × {multiplier} in “{locked.name}”.",
        before={"multiplier": before.multiplier} if before else None,
        after={"strategy": strategy.public_id, "multiplier": multiplier},
    )
    _publish(locked, "changed")
    return member


@transaction.atomic
def basket_member_remove(*, basket: Basket, strategy: Strategy, by: Actor) -> None:
    """Take a strategy out of a basket; its deployments go on. Taking out what is not in is harmless."""
    by.require("trade")
    locked = Basket.objects.select_for_update(of=("self",)).get(pk=basket.pk)
    removed, _ = BasketMember.objects.filter(basket=locked, strategy=strategy).delete()
    if not removed:
        return
    audit.record(
        "basket.member_removed",
        by=by,
        target=locked,
        text=f"“{strategy.name}” taken out of “{locked.name}”.",
        before={"strategy": strategy.public_id},
    )
    _publish(locked, "changed")


def _check(basket: Basket, strategy: Strategy, multiplier: int) -> None:
    if strategy.workspace_id != basket.workspace_id:
        raise UserError("Strategy and basket must belong to the same workspace.", code="mixed_workspaces")
    if not 1 <= multiplier <= 1000:
        raise UserError("The multiplier must be a whole number from 1 to 1000.", code="bad_multiplier")
    if basket.archived_at is not None or strategy.archived_at is not None:
        raise Conflict("An archived basket or strategy cannot be changed.", code="archived")


def _publish(basket: Basket, verb: str) -> None:
    outbox.publish(
        f"basket.{verb}",
        workspace_id=basket.workspace_id,
        data={"basket": basket.public_id, "name": basket.name},
    )

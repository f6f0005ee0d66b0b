"""Reads of baskets."""

from __future__ import annotations

from baskets.models import Basket
from qlplatform.core.tenancy import Actor, ScopedQuerySet


def baskets(actor: Actor) -> ScopedQuerySet[Basket]:
    """The baskets an actor may see, with their members, newest first; archived ones are left out."""
    visible = Basket.objects.visible_to(actor).filter(archived_at=None)
    return visible.prefetch_related("members__strategy").order_by("-pk")

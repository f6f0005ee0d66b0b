"""Reads of strategies."""

from __future__ import annotations

from django.db.models import QuerySet

from qlplatform.core.tenancy import Actor, ScopedQuerySet
from strategies.models import Strategy, StrategyVersion


def strategies(actor: Actor, *, archived: bool = False) -> ScopedQuerySet[Strategy]:
    """The strategies an actor may see, each with its latest version; archived ones only when asked for."""
    visible = Strategy.objects.visible_to(actor).select_related("latest").order_by("-pk")
    return visible if archived else visible.filter(archived_at=None)


def versions(strategy: Strategy) -> QuerySet[StrategyVersion]:
    """All versions of a strategy, newest first."""
    return StrategyVersion.objects.filter(strategy=strategy).order_by("-number")

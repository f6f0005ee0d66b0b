"""`/baskets/`: groups of strategies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from baskets.models import Basket
from qlplatform.core.actors import get_visible
from qlplatform.core.pages import page
from qlplatform.core.tenancy import Actor


@require_safe
@page
def basket_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All baskets of the workspace."""
    rows = (
        Basket.objects.visible_to(actor).filter(archived_at=None).prefetch_related("members").order_by("name")
    )
    return render(request, "baskets/baskets.html", {"section": "baskets", "baskets": rows})


@require_safe
@page
def basket(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """One basket with its members."""
    found = get_visible(Basket.objects.all(), actor, public_id)
    members = found.members.select_related("strategy").order_by("id")
    return render(request, "baskets/basket.html", {"section": "baskets", "basket": found, "members": members})

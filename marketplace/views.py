"""`/templates/`: the listings, without any figure of past performance, and "Use this"."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from marketplace.models import Listing
from marketplace.services import listing_use
from qlplatform.core.errors import NotFound
from qlplatform.core.pages import page
from qlplatform.core.tenancy import Actor
from strategies.spec import describe, parse_spec, risk_summary


@require_safe
@page
def listing_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every published listing."""
    rows = Listing.objects.filter(state=Listing.State.PUBLISHED).select_related("current").order_by("title")
    return render(request, "marketplace/templates.html", {"section": "templates", "listings": rows})


@require_safe
@page
def listing(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """One listing: how it trades, when it works, when it hurts."""
    found = _published(slug)
    spec = parse_spec(found.current.spec)  # type: ignore[union-attr]  # published, so it has a version
    context = {
        "section": "templates",
        "listing": found,
        "sentences": describe(spec),
        "risk": risk_summary(spec),
    }
    return render(request, "marketplace/template.html", context)


@require_POST
@page
def use(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Start it on paper in one click, then show it."""
    deployment = listing_use(listing=_published(slug), actor=actor)
    messages.success(request, f"{deployment.strategy.name} is on paper now. It enters by itself at its time.")
    return redirect("strategy", deployment.strategy.public_id)


def _published(slug: str) -> Listing:
    found = (
        Listing.objects.filter(slug=slug, state=Listing.State.PUBLISHED, current__isnull=False)
        .select_related("current")
        .first()
    )
    if found is None:
        raise NotFound("There is no such template.")
    return found

"""The listings a new installation begins with."""

from __future__ import annotations

from django.db import transaction

from execution.models import Deployment
from marketplace.library import LIBRARY, Entry
from marketplace.models import Listing
from marketplace.services import listing_publish, listing_revise, listing_use
from qlplatform.core.models import Membership
from qlplatform.core.seeding import DEMO_TRADER
from qlplatform.core.tenancy import Actor


@transaction.atomic
def seed_listings() -> int:
    """Publish the library's listings that are missing; returns how many. What curators changed stays."""
    present = set(Listing.objects.values_list("slug", flat=True))
    missing = [entry for entry in LIBRARY if entry.slug not in present]
    for entry in missing:
        _publish(entry)
    return len(missing)


@transaction.atomic
def seed_demo() -> int:
    """Use every published listing for the demo trader, who then watches a replay; returns how many were put
    to work.

    Nothing happens without demo users (`QL_DEMO`), or once that trader has a deployment.
    """
    membership = (
        Membership.objects.filter(user__email=DEMO_TRADER).select_related("workspace", "user").first()
    )
    if membership is None or Deployment.objects.filter(workspace=membership.workspace).exists():
        return 0
    actor = Actor(
        label=membership.user.email,
        workspace_id=membership.workspace_id,
        role=membership.role,
        user_id=membership.user_id,
        via="setup",
    )
    published = Listing.objects.filter(state=Listing.State.PUBLISHED).order_by("pk")
    return len([listing_use(listing=listing, actor=actor) for listing in published])


def _publish(entry: Entry) -> None:
    by = Actor.system("seed")
    listing = Listing.objects.create(
        slug=entry.slug,
        title=entry.title,
        summary=entry.summary,
        description=entry.description,
        works_when=entry.works_when,
        hurts_when=entry.hurts_when,
        category=entry.category,
        underlying=entry.spec["underlying"],
        risk=entry.risk,
        suggested_capital_paise=entry.suggested_capital_paise,
    )
    listing_revise(listing=listing, spec=entry.spec, by=by)
    listing_publish(listing=listing, by=by)

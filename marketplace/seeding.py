"""The listings a new installation begins with."""

from __future__ import annotations

from django.db import transaction

from marketplace.library import LIBRARY, Entry
from marketplace.models import Listing
from marketplace.services import listing_publish, listing_revise
from qlplatform.core.tenancy import Actor


@transaction.atomic
def seed_listings() -> int:
    """Publish the library's listings that are missing; returns how many. What curators changed stays."""
    present = set(Listing.objects.values_list("slug", flat=True))
    missing = [entry for entry in LIBRARY if entry.slug not in present]
    for entry in missing:
        _publish(entry)
    return len(missing)


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

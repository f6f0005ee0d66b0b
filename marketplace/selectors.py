"""Reads of the marketplace. Published listings are there for everybody."""

from __future__ import annotations

from django.db.models import QuerySet

from marketplace.models import Listing
from qlplatform.core.errors import NotFound


def listings_published() -> QuerySet[Listing]:
    """Every listing people may use, with its current version, by title."""
    return (
        Listing.objects.filter(state=Listing.State.PUBLISHED, current__isnull=False)
        .select_related("current")
        .order_by("title")
    )


def listing_published(slug: str) -> Listing:
    """The published listing of this name. Raises NotFound for drafts and retired ones too."""
    found = listings_published().filter(slug=slug).first()
    if found is None:
        raise NotFound(f"There is no template “{slug}”.")
    return found

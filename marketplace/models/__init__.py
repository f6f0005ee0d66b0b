"""Curated listings."""

from marketplace.models.listing import Listing, ListingVersion

__all__ = ["Listing", "ListingVersion"]

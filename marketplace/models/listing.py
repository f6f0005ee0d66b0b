"""A listing: a strategy template people may use. Published versions are immutable."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qlplatform.core.ids import PublicIdField


class Listing(models.Model):
    """What the marketplace shows. No figures of past performance (SEBI/HO/MIRSD/DOP/P/CIR/2022/117 of
    2022-09-02; PaRRVA).
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        RETIRED = "retired"

    class Risk(models.TextChoices):
        LOW = "low"
        MEDIUM = "medium"
        HIGH = "high"

    public_id = PublicIdField("tpl")
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=80)
    summary = models.CharField(max_length=200)
    description = models.TextField()
    works_when = models.TextField()
    hurts_when = models.TextField()
    category = models.CharField(max_length=40)
    underlying = models.CharField(max_length=20)
    risk = models.CharField(max_length=8, choices=Risk.choices)
    suggested_capital_paise = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    current = models.ForeignKey(
        "marketplace.ListingVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class ListingVersion(models.Model):
    """The spec of a listing as published; never changed."""

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    spec = models.JSONField()
    spec_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["listing", "number"], name="listingversion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.listing} v{self.number}"

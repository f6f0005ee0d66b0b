from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from marketplace.models import Listing
from marketplace.seeding import seed_listings
from qlplatform.core.models import AuditEntry
from tests.factories.specs import straddle
from tests.factories.staff import superuser_client


@pytest.fixture
def admin(db: None) -> Client:
    seed_listings()
    return superuser_client()


@pytest.fixture
def listing(admin: Client) -> Listing:
    return Listing.objects.get(slug="iron-condor")


def texts(**changes: str) -> dict[str, str]:
    """The form of the iron condor as it is, with these fields changed; no inline rows."""
    base = {
        "title": "Iron condor", "slug": "iron-condor", "summary": "S", "description": "D", "works_when": "W",
        "hurts_when": "H", "category": "Defined risk", "risk": "medium",
        "suggested_capital_paise": "1,00,000", "new_spec": "",
        "versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0",
    }  # fmt: skip
    return base | changes


def act(admin: Client, action: str, *listings: Listing) -> None:
    wish = {"action": action, "_selected_action": [str(listing.pk) for listing in listings]}
    assert admin.post("/admin/marketplace/listing/", wish).status_code == 302


def test_the_list_shows_labels_and_indian_digits(admin: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(15):
        page = admin.get("/admin/marketplace/listing/").content.decode()

    for text in ("09:20 short straddle", "₹2,50,000", "Published", "High"):
        assert text in page


def test_states_move_by_actions_only(admin: Client, listing: Listing) -> None:
    act(admin, "retire", listing)
    listing.refresh_from_db()
    assert listing.state == "retired"

    admin.post(f"/admin/marketplace/listing/{listing.pk}/change/", texts(state="published"))
    listing.refresh_from_db()
    assert listing.state == "retired"
    act(admin, "publish", listing)
    assert Listing.objects.get(pk=listing.pk).state == "published"
    assert AuditEntry.objects.filter(action="listing.retired", via="admin").count() == 1


def test_a_draft_without_a_version_does_not_hold_up_the_others(admin: Client, listing: Listing) -> None:
    act(admin, "retire", listing)
    added = texts(title="New", slug="new")
    assert admin.post("/admin/marketplace/listing/add/", added).status_code == 302

    act(admin, "publish", Listing.objects.get(slug="new"), listing)

    assert dict(Listing.objects.values_list("slug", "state"))["new"] == "draft"
    assert Listing.objects.get(pk=listing.pk).state == "published"


def test_a_new_spec_makes_a_new_version(admin: Client, listing: Listing) -> None:
    path = f"/admin/marketplace/listing/{listing.pk}/change/"
    assert admin.post(path, texts(new_spec=json.dumps(straddle()))).status_code == 302

    listing.refresh_from_db()
    assert listing.current is not None
    assert (listing.current.number, listing.versions.count()) == (2, 2)
    assert listing.suggested_capital_paise == 1_00_000_00
    assert AuditEntry.objects.filter(action="listing.revised", via="admin").count() == 1


def test_a_bad_spec_is_told_in_the_form_and_changes_nothing(admin: Client, listing: Listing) -> None:
    path = f"/admin/marketplace/listing/{listing.pk}/change/"
    answer = admin.post(path, texts(title="Other", new_spec=json.dumps(straddle(legs=[]))))

    assert answer.status_code == 200
    assert "/legs" in str(answer.context["adminform"].form.errors["new_spec"])
    assert Listing.objects.get(pk=listing.pk).title == "Iron condor"


def test_listings_are_never_deleted(admin: Client, listing: Listing) -> None:
    assert admin.post(f"/admin/marketplace/listing/{listing.pk}/delete/", {"post": "yes"}).status_code == 403

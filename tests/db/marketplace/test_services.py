from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from execution.models import Deployment
from marketplace.library import LIBRARY
from marketplace.models import Listing, ListingVersion
from marketplace.seeding import seed_listings
from marketplace.selectors import listing_published, listings_published
from marketplace.services import listing_publish, listing_retire, listing_revise, listing_use
from markets.seeding import seed_markets
from qlplatform.core.errors import Conflict, NotEntitled, NotFound
from qlplatform.core.models import AuditEntry, Workspace
from qlplatform.core.services import workspace_create
from qlplatform.core.tenancy import Actor
from strategies.models import Strategy
from strategies.services import strategy_revise
from strategies.spec import SpecInvalid, parse_spec, risk_summary, spec_hash
from tests.factories import ledger
from tests.factories.specs import straddle

CURATOR = Actor.system("curator")


@pytest.fixture
def listings(db: None) -> dict[str, Listing]:
    seed_listings()
    return {listing.slug: listing for listing in listings_published()}


@pytest.fixture
def straddle_listing(listings: dict[str, Listing]) -> Listing:
    return listings["0920-short-straddle"]


def new_workspace() -> Workspace:
    """A workspace as sign-up makes it, with its paper account and limits."""
    return workspace_create(name="Desk", owner=ledger.member(ledger.workspace()))


@pytest.fixture
def workspace(db: None) -> Workspace:
    seed_markets()
    return new_workspace()


def test_three_listings_are_published_and_seeding_again_adds_none(listings: dict[str, Listing]) -> None:
    assert sorted(listings) == ["0920-short-straddle", "iron-condor", "strangle-with-trail"]
    assert seed_listings() == 0
    assert Listing.objects.count() == ListingVersion.objects.count() == 3


def test_seeding_leaves_alone_what_a_curator_changed(listings: dict[str, Listing]) -> None:
    listing_retire(listing=listings["iron-condor"], by=CURATOR)
    seed_listings()

    assert Listing.objects.get(slug="iron-condor").state == "retired"


@pytest.mark.parametrize("entry", LIBRARY, ids=lambda entry: entry.slug)
def test_the_risk_label_fits_the_spec(entry: object) -> None:
    naked = risk_summary(parse_spec(entry.spec)).naked_short  # type: ignore[attr-defined]

    assert entry.risk == ("high" if naked else "medium")  # type: ignore[attr-defined]


def test_using_a_listing_deploys_a_copy_on_paper(straddle_listing: Listing, workspace: Workspace) -> None:
    deployment = listing_use(listing=straddle_listing, actor=ledger.actor(workspace))

    strategy = deployment.strategy
    assert (strategy.origin, strategy.workspace) == (straddle_listing.public_id, workspace)
    assert strategy.latest is not None
    assert strategy.latest.spec == straddle_listing.current.spec  # type: ignore[union-attr]
    assert (deployment.mode, deployment.account.market.kind) == ("paper", "replay")
    entry = AuditEntry.objects.get(action="listing.used")
    assert (entry.workspace_id, entry.target_id) == (workspace.pk, straddle_listing.public_id)


def test_an_unchanged_copy_is_taken_again(straddle_listing: Listing, workspace: Workspace) -> None:
    first = listing_use(listing=straddle_listing, actor=ledger.actor(workspace))
    second = listing_use(listing=straddle_listing, actor=ledger.actor(workspace))

    assert first.strategy == second.strategy
    assert Strategy.objects.filter(workspace=workspace).count() == 1


def test_a_copy_the_user_changed_is_his_and_a_fresh_one_is_made(
    straddle_listing: Listing, workspace: Workspace
) -> None:
    actor = ledger.actor(workspace)
    first = listing_use(listing=straddle_listing, actor=actor)
    strategy_revise(strategy=first.strategy, spec=straddle(entry_time="10:00"), by=actor)

    second = listing_use(listing=straddle_listing, actor=actor)

    assert second.strategy != first.strategy


def test_workspaces_get_copies_of_their_own(straddle_listing: Listing, workspace: Workspace) -> None:
    other = new_workspace()
    mine = listing_use(listing=straddle_listing, actor=ledger.actor(workspace))
    theirs = listing_use(listing=straddle_listing, actor=ledger.actor(other))

    assert mine.strategy != theirs.strategy
    assert mine.account.workspace != theirs.account.workspace


def test_viewers_cannot_use_a_listing(straddle_listing: Listing, workspace: Workspace) -> None:
    with pytest.raises(NotEntitled):
        listing_use(listing=straddle_listing, actor=ledger.actor(workspace, "viewer"))

    assert not Deployment.objects.exists()


def test_who_has_no_workspace_cannot_use_a_listing(straddle_listing: Listing) -> None:
    with pytest.raises(NotEntitled, match="workspace"):
        listing_use(listing=straddle_listing, actor=Actor.system("nobody"))


def test_a_retired_listing_is_gone_for_users(straddle_listing: Listing, workspace: Workspace) -> None:
    retired = listing_retire(listing=straddle_listing, by=CURATOR)

    with pytest.raises(NotFound):
        listing_use(listing=retired, actor=ledger.actor(workspace))
    with pytest.raises(NotFound):
        listing_published(retired.slug)


def test_a_new_spec_makes_a_new_version(straddle_listing: Listing) -> None:
    version = listing_revise(listing=straddle_listing, spec=straddle(entry_time="09:25"), by=CURATOR)

    straddle_listing.refresh_from_db()
    assert (version.number, straddle_listing.current) == (2, version)
    assert listing_revise(listing=straddle_listing, spec=version.spec, by=CURATOR) == version
    assert straddle_listing.versions.count() == 2


def test_a_bad_spec_makes_none(straddle_listing: Listing) -> None:
    with pytest.raises(SpecInvalid):
        listing_revise(listing=straddle_listing, spec=straddle(legs=[]), by=CURATOR)

    assert straddle_listing.versions.count() == 1


def test_states_move_one_way_and_are_audited_once(straddle_listing: Listing) -> None:
    published_at = straddle_listing.published_at
    listing_retire(listing=straddle_listing, by=CURATOR)
    listing_retire(listing=straddle_listing, by=CURATOR)
    again = listing_publish(listing=straddle_listing, by=CURATOR)

    assert (again.state, again.published_at) == ("published", published_at)
    assert AuditEntry.objects.filter(action="listing.retired").count() == 1


def test_a_draft_without_a_version_is_not_published(db: None) -> None:
    draft = Listing.objects.create(
        slug="draft", title="Draft", summary="", description="", works_when="", hurts_when="", category="",
        underlying="NIFTY", risk="low", suggested_capital_paise=1,
    )  # fmt: skip
    with pytest.raises(Conflict):
        listing_publish(listing=draft, by=CURATOR)
    with pytest.raises(Conflict):
        listing_retire(listing=draft, by=CURATOR)


@pytest.mark.parametrize("change", ["SET spec = '{}'", "SET spec_hash = 'x'", "SET number = 9"])
def test_the_database_refuses_to_change_a_published_version(straddle_listing: Listing, change: str) -> None:
    with pytest.raises(DatabaseError, match="immutable versions"), transaction.atomic():
        connection.cursor().execute(f"UPDATE marketplace_listingversion {change}")  # noqa: S608  fixed texts


def test_the_stored_hash_is_that_of_the_spec(listings: dict[str, Listing]) -> None:
    for version in ListingVersion.objects.all():
        assert version.spec_hash == spec_hash(parse_spec(version.spec))


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_copy() -> None:
    seed_markets()
    seed_listings()
    workspace = new_workspace()
    listing = listing_published("iron-condor")

    def use(_: int) -> int:
        try:
            return listing_use(listing=listing, actor=ledger.actor(workspace)).strategy_id
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(use, range(2)))) == 1
    assert Strategy.objects.filter(workspace=workspace).count() == 1


def test_a_second_click_changes_nothing(straddle_listing: Listing, workspace: Workspace) -> None:
    actor = ledger.actor(workspace)

    first, second = (listing_use(listing=straddle_listing, actor=actor) for _ in range(2))

    assert first == second
    assert Deployment.objects.count() == 1

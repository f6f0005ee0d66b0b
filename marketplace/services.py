"""Writes of the marketplace: using a listing, and moving it through its states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from execution.models import Deployment
from execution.services.replays import paper_deploy, paper_deployed
from marketplace.models import Listing, ListingVersion
from qlplatform.core import audit, outbox
from qlplatform.core.actors import workspace_of
from qlplatform.core.clock import wall
from qlplatform.core.errors import Conflict, NotFound
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor
from strategies.models import Strategy
from strategies.services import strategy_create
from strategies.spec import parse_spec, spec_hash, spec_to_json


@transaction.atomic
def listing_use(*, listing: Listing, actor: Actor) -> Deployment:
    """“Use this”: put the listing's current version to work on paper in the actor's workspace.

    The spec is copied into a strategy of the workspace, which then belongs to the user; an unchanged copy
    from an earlier use is taken again, and so is its deployment while it still waits for its entry (a second
    click). Raises NotFound for a listing that is not published, NotEntitled without the right “trade”.
    """
    actor.require("trade")
    version = listing.current
    if listing.state != Listing.State.PUBLISHED or version is None:
        raise NotFound("This template is not published.")
    # Two clicks at once make one copy: the second waits for the workspace and finds it.
    workspace = Workspace.objects.select_for_update(no_key=True).get(pk=workspace_of(actor).pk)
    strategy = _unchanged_copy(workspace, listing, version) or strategy_create(
        workspace=workspace, spec=version.spec, by=actor, origin=listing.public_id
    )
    waiting = paper_deployed(workspace=workspace, strategy=strategy)
    if waiting is not None:
        return waiting
    deployment = paper_deploy(workspace=workspace, strategy=strategy, by=actor)
    audit.record(
        "listing.used",
        by=actor,
        target=listing,
        workspace_id=workspace.pk,
        text=f"“{listing.title}” put to work on paper.",
        after={"strategy": strategy.public_id, "deployment": deployment.public_id, "version": version.number},
    )
    outbox.publish(
        "listing.used",
        workspace_id=workspace.pk,
        data={"listing": listing.public_id, "deployment": deployment.public_id},
        account=deployment.account.public_id,
        mode=deployment.account.mode,
    )
    return deployment


@transaction.atomic
def listing_revise(*, listing: Listing, spec: Mapping[str, Any], by: Actor) -> ListingVersion:
    """Give a listing a new current version; a spec that means the same as the current one makes none.

    Versions are never changed: copies already in use stay with the version they were made from. Raises
    SpecInvalid.
    """
    parsed = parse_spec(spec)
    # The current version is read after the lock: a join in the locking query would still show the one before.
    locked = Listing.objects.select_for_update().get(pk=listing.pk)
    current = locked.current
    if current is not None and current.spec_hash == spec_hash(parsed):
        return current
    version = ListingVersion.objects.create(
        listing=locked,
        number=current.number + 1 if current else 1,
        spec=spec_to_json(parsed),
        spec_hash=spec_hash(parsed),
    )
    locked.current, locked.underlying = version, parsed.underlying
    locked.save(update_fields=["current", "underlying"])
    audit.record(
        "listing.revised",
        by=by,
        target=locked,
        text=f"“{locked.title}” is now version {version.number}.",
        after={"version": version.number, "spec_hash": version.spec_hash},
    )
    return version


@transaction.atomic
def listing_publish(*, listing: Listing, by: Actor) -> Listing:
    """Show a draft (or a retired listing again) to everybody. Raises Conflict without a version to show."""
    locked = Listing.objects.select_for_update(of=("self",)).get(pk=listing.pk)
    if locked.current_id is None:
        raise Conflict(f"“{locked.title}” has no version yet; add one before publishing.", code="no_version")
    return _move(locked, Listing.State.PUBLISHED, by)


@transaction.atomic
def listing_retire(*, listing: Listing, by: Actor) -> Listing:
    """Take a published listing off the shelf; copies already in use stay with their users."""
    locked = Listing.objects.select_for_update(of=("self",)).get(pk=listing.pk)
    if locked.state == Listing.State.DRAFT:
        raise Conflict(f"“{locked.title}” was never published.", code="not_published")
    return _move(locked, Listing.State.RETIRED, by)


def _unchanged_copy(workspace: Workspace, listing: Listing, version: ListingVersion) -> Strategy | None:
    copies = Strategy.objects.filter(
        workspace=workspace,
        origin=listing.public_id,
        archived_at=None,
        latest__spec_hash=version.spec_hash,
    )
    return copies.select_related("latest").order_by("pk").first()


def _move(listing: Listing, state: str, by: Actor) -> Listing:
    before = listing.state
    if before == state:
        return listing
    listing.state = state
    if state == Listing.State.PUBLISHED and listing.published_at is None:
        listing.published_at = wall()
    listing.save(update_fields=["state", "published_at"])
    audit.record(
        f"listing.{state}",
        by=by,
        target=listing,
        text=f"“{listing.title}” {state}.",
        before={"state": before},
        after={"state": state},
    )
    return listing

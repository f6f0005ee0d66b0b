"""Writes of strategies: a new one, and new versions of it. A version is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from qlplatform.core import audit, outbox
from qlplatform.core.errors import Conflict
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor
from strategies.models import Strategy, StrategyVersion
from strategies.spec import Spec, parse_spec, spec_hash, spec_to_json


@transaction.atomic
def strategy_create(
    *, workspace: Workspace, spec: Mapping[str, Any], by: Actor, client_ref: str = "", origin: str = ""
) -> Strategy:
    """A new strategy with its first version; `spec` is stored in canonical form, defaults written out.

    `client_ref` is the integrator's own name for it, unique in the workspace. `origin` is the public id of
    the listing it was copied from. Raises SpecInvalid with every finding, Conflict `client_ref_taken`.
    """
    by.require("trade")
    parsed = parse_spec(spec)
    # The workspace's lock makes "is it taken?" and "take it" one step.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    if client_ref and Strategy.objects.filter(workspace=workspace, client_ref=client_ref).exists():
        raise Conflict(
            f"A strategy with the client_ref “{client_ref}” exists already.", code="client_ref_taken"
        )
    strategy = Strategy.objects.create(
        workspace=workspace, name=parsed.name, client_ref=client_ref, origin=origin
    )
    _version_add(strategy, parsed, number=1, by=by)
    audit.record(
        "strategy.created",
        by=by,
        target=strategy,
        text=f"“{strategy.name}” created.",
        after=_fingerprint(strategy.latest),
    )
    _publish(strategy, "created")
    return strategy


@transaction.atomic
def strategy_revise(*, strategy: Strategy, spec: Mapping[str, Any], by: Actor) -> StrategyVersion:
    """A new version of a strategy; a spec that means the same as the latest one makes none and returns it.

    Deployments that follow the strategy use it from their next run on; open runs keep theirs. Raises
    SpecInvalid with every finding, Conflict `archived`.
    """
    by.require("trade")
    parsed = parse_spec(spec)
    # The latest version is read after the lock: a join in the locking query would still show the one before.
    locked = Strategy.objects.select_for_update().get(pk=strategy.pk)
    if locked.archived_at is not None:
        raise Conflict("This strategy is archived; make a new one instead.", code="archived")
    before = locked.latest
    if before is not None and before.spec_hash == spec_hash(parsed):
        return before
    version = _version_add(locked, parsed, number=before.number + 1 if before else 1, by=by)
    audit.record(
        "strategy.revised",
        by=by,
        target=locked,
        text=f"“{locked.name}” is now version {version.number}.",
        before=_fingerprint(before),
        after=_fingerprint(version),
    )
    _publish(locked, "revised")
    return version


def _version_add(strategy: Strategy, spec: Spec, *, number: int, by: Actor) -> StrategyVersion:
    version = StrategyVersion.objects.create(
        strategy=strategy,
        number=number,
        spec=spec_to_json(spec),
        spec_hash=spec_hash(spec),
        created_by=by.label[:120],
    )
    strategy.latest, strategy.name = version, spec.name
    strategy.save(update_fields=["latest", "name"])
    return version


def _fingerprint(version: StrategyVersion | None) -> dict[str, Any] | None:
    return {"version": version.number, "spec_hash": version.spec_hash} if version else None


def _publish(strategy: Strategy, verb: str) -> None:
    assert strategy.latest is not None  # noqa: S101  every caller has just added a version
    outbox.publish(
        f"strategy.{verb}",
        workspace_id=strategy.workspace_id,
        data={"strategy": strategy.public_id, "name": strategy.name, "version": strategy.latest.number},
    )

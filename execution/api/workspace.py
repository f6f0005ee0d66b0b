"""The workspace a request acts in."""

from __future__ import annotations

from qlplatform.core.errors import NotEntitled
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor


def workspace_of(actor: Actor) -> Workspace:
    """The actor's workspace; NotEntitled for somebody who is a member of none."""
    if actor.workspace_id is None:
        raise NotEntitled("You are not a member of a workspace yet.")
    return Workspace.objects.get(pk=actor.workspace_id)

"""Who acts, in which workspace, with which rights; and the only entrance for reads.

What a workspace owns is a `WorkspaceOwned` row; `Model.objects.visible_to(actor)` is what an actor may see.
What an actor may not see does not exist for him (404, never 403).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from qlplatform.core.errors import NotEntitled

if TYPE_CHECKING:
    from qlplatform.core.models import Workspace


M = TypeVar("M", bound=models.Model)


class Role(models.TextChoices):
    """What a member of a workspace may do; see RIGHTS."""

    OWNER = "owner"
    TRADER = "trader"
    RISK = "risk"
    VIEWER = "viewer"


RIGHTS: dict[str, frozenset[str]] = {
    "owner": frozenset({"read", "trade", "stop", "limits", "members"}),
    "trader": frozenset({"read", "trade", "stop"}),
    "risk": frozenset({"read", "stop", "limits"}),
    "viewer": frozenset({"read"}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person through the web, API or admin, or the platform itself (`system`)."""

    label: str
    workspace_id: int | None = None
    role: str = ""
    user_id: int | None = None
    via: str = "system"
    ip: str = ""
    request_id: str = ""
    platform: bool = False

    @classmethod
    def system(cls, label: str, workspace_id: int | None = None) -> Actor:
        """The platform acting by itself, e.g. `Actor.system("engine")`; sees every workspace."""
        return cls(label=label, workspace_id=workspace_id, platform=True)

    def can(self, right: str) -> bool:
        """Rights: read, trade (add risk), stop (reduce risk), limits, members."""
        return self.platform or right in RIGHTS.get(self.role, frozenset())

    def require(self, right: str) -> None:
        """Raise NotEntitled unless the actor has `right`."""
        if not self.can(right):
            raise NotEntitled(
                f"Your role ({self.role or 'none'}) may not do this; it needs the right “{right}”."
            )


class ScopedQuerySet(models.QuerySet[M]):
    """Rows that belong to a workspace; `visible_to` is the only way reads start."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows `actor` may see: those of his workspace, or all for the platform itself."""
        if actor.platform and actor.workspace_id is None:
            return self
        if actor.workspace_id is None:
            return self.none()
        return self.filter(workspace_id=actor.workspace_id)

    def locked(self, pk: int) -> M:
        """The row, locked for update; order of locks: workspace, account, run, leg."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class WorkspaceOwned(models.Model):
    """Base of every row a workspace owns."""

    workspace: models.ForeignKey[Workspace] = models.ForeignKey(
        "core.Workspace", on_delete=models.PROTECT, related_name="+", db_index=True
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

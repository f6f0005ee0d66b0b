"""Writing the audit trail. Call it in the transaction that does the thing: both are true or neither."""

from __future__ import annotations

from typing import Any

from django.db import models

from qlplatform.core.clock import wall
from qlplatform.core.models import AuditEntry
from qlplatform.core.tenancy import Actor


def record(
    action: str,
    *,
    by: Actor,
    target: models.Model | None = None,
    workspace_id: int | None = None,
    text: str = "",
    before: Any = None,
    after: Any = None,
) -> AuditEntry:
    """Write who did what to which object, and what it was before and after (JSON-able values).

    `action` is `noun.past_verb`. The workspace is the given one, else the target's, else the actor's.
    """
    if workspace_id is None:
        workspace_id = getattr(target, "workspace_id", None) or by.workspace_id
    return AuditEntry.objects.create(
        workspace_id=workspace_id,
        at=wall(),
        actor=by.label[:120],
        user_id=by.user_id,
        via=by.via,
        action=action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=_name_of(target),
        text=text[:400],
        before=before,
        after=after,
        ip=by.ip,
        request_id=by.request_id,
    )


def _name_of(target: models.Model | None) -> str:
    """The public id where there is one, so that a reader of the trail can find the object."""
    if target is None:
        return ""
    return str(getattr(target, "public_id", None) or target.pk)

"""`/audit/`: the workspace's audit trail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qlplatform.core.models import AuditEntry
from qlplatform.core.pages import page
from qlplatform.core.tenancy import Actor

PAGE = 50


@require_safe
@page
def audit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Newest first, narrowed by a part of the action's name."""
    action = request.GET.get("action", "").replace("\0", "").strip()[:60]
    rows = AuditEntry.objects.visible_to(actor).order_by("-id")
    if action:
        rows = rows.filter(action__icontains=action.replace(" ", "_"))
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before[:18]))
    entries = list(rows[: PAGE + 1])
    older = entries[PAGE - 1].pk if len(entries) > PAGE else None
    context = {"section": "audit", "entries": entries[:PAGE], "older": older, "action": action}
    return render(request, "web/audit.html", context)

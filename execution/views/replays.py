"""The hands on a replay: play, pause, step, speed, next decision, again, next day."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from execution.services.controls import replay_control
from execution.services.replays import replay_start
from markets.models import Market
from qlplatform.core.actors import get_visible
from qlplatform.core.errors import UserError
from qlplatform.core.models import Workspace
from qlplatform.core.pages import back, page
from qlplatform.core.tenancy import Actor


@require_POST
@page
def control(request: HttpRequest, actor: Actor, public_id: str, action: str) -> HttpResponse:
    """Do `action`; `again` and `next_day` begin a new session, so they lead to the dashboard."""
    market = get_visible(Market.objects.all(), actor, public_id)
    value = request.POST.get("value", "")
    chosen = int(value[:6]) if value.isdecimal() else None
    now_shown = replay_control(market=market, action=action, by=actor, value=chosen)
    return back(request) if now_shown.pk == market.pk else redirect("home")


@require_POST
@page
def start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begin the recorded session of `date` (ISO; behind a blank the name of its set) with copies of the
    strategies at work.
    """
    text, _, source = request.POST.get("date", "").partition(" ")
    try:
        day = date.fromisoformat(text)
    except ValueError as bad:
        raise UserError("Choose one of the recorded days.", code="bad_date") from bad
    actor.require("trade")
    workspace = Workspace.objects.get(pk=actor.workspace_id or 0)
    replay_start(workspace=workspace, by=actor, source=source or None, session_date=day)
    return redirect("home")

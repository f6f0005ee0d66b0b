"""`/kill/`: the kill switch, with and without JavaScript."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from execution.models import KillSwitch
from execution.selectors import kill_reach
from execution.services.kill import kill_switch_lift, kill_switch_press
from qlplatform.core.pages import page
from qlplatform.core.tenancy import Actor

DONE = {
    KillSwitch.Level.PAUSE_ENTRIES: "No new entries from now on. Exits and stops keep working.",
    KillSwitch.Level.CANCEL_ORDERS: "Entries are stopped and open entry orders are being cancelled.",
    KillSwitch.Level.SQUARE_OFF: "Entries are stopped and every position is being closed.",
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page
def kill(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The three ways to stop, with what each would reach now; htmx asks for the form alone."""
    if request.method == "POST":
        level = request.POST.get("level", "")
        kill_switch_press(actor=actor, level=level, reason=request.POST.get("reason", ""))
        messages.success(request, DONE[KillSwitch.Level(level)])
        return redirect("home")
    template = "execution/_kill_form.html" if request.headers.get("HX-Request") else "execution/kill.html"
    return render(request, template, {"section": "kill", "reach": kill_reach(actor)})


@require_POST
@page
def lift(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Allow entries again."""
    kill_switch_lift(actor=actor)
    messages.success(request, "The stop is lifted: strategies may enter again.")
    return redirect("home")

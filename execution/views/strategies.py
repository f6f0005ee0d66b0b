"""`/strategies/`: what is at work, and one strategy with its runs, legs, orders and decision log."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from execution.domain.curves import chart_of
from execution.models import Deployment, Order, Run
from execution.selectors import Card, card, cards, deployments_of, legs_shown, orders_of, run_full, runs_of
from execution.services.deployments import (
    deployment_archive,
    deployment_pause,
    deployment_resume,
    deployment_square_off,
)
from markets.selectors import markets_of, session_shown
from portfolio.selectors import day_series
from qlplatform.core.actors import get_visible
from qlplatform.core.errors import NotFound
from qlplatform.core.pages import back, page
from qlplatform.core.tenancy import Actor
from strategies.models import Strategy, StrategyVersion
from strategies.spec import describe, parse_spec

STEPS = ("scheduled", "waiting", "running", "exiting", "completed")
RUNS_SHOWN = 12


@require_safe
@page
def strategies(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All strategies at work in the session shown."""
    market = session_shown(actor, request.GET.get("session", ""))
    shown = cards(actor, market) if market else []
    context = {"section": "strategies", "market": market, "sessions": markets_of(actor), "cards": shown}
    return render(request, "execution/strategies.html", context)


@require_safe
@page
def strategy(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """One strategy over all its deployments: the run asked for, else the newest."""
    found = get_visible(Strategy.objects.select_related("latest"), actor, public_id)
    runs = list(runs_of(actor).filter(deployment__strategy=found)[:RUNS_SHOWN])
    deployment = deployments_of(actor).filter(strategy=found).first()
    run = _run_asked(actor, found, request.GET.get("run", ""), runs, deployment)
    version = run.version if run else (deployment.version if deployment else None) or found.latest
    context: dict[str, Any] = {
        "section": "strategies",
        "strategy": found,
        "version": version,
        "versions": found.versions.order_by("-number"),
        "runs": runs,
        "card": card(run.deployment if run else deployment) if run or deployment else None,
        "run": run,
    }
    return render(request, "execution/strategy.html", context | _rules(version) | (_run_part(actor, run) if run else {}))


def _run_asked(
    actor: Actor, strategy: Strategy, public_id: str, runs: list[Run], deployment: Deployment | None
) -> Run | None:
    """The run named in the address; without a name the newest deployment's newest one."""
    if public_id:
        asked = run_full(actor, public_id)
        if asked is None or asked.deployment.strategy_id != strategy.pk:
            raise NotFound("This strategy has no such run.")
        return asked
    newest = next((run for run in runs if deployment and run.deployment_id == deployment.pk), None)
    return run_full(actor, newest.public_id) if newest else None


def _rules(version: StrategyVersion | None) -> dict[str, Any]:
    if version is None:
        return {"sentences": []}
    spec = parse_spec(version.spec)
    return {"sentences": describe(spec), "exit_line": f"{spec.exit_time:%H:%M} at the latest"}


def _run_part(actor: Actor, run: Run) -> dict[str, Any]:
    shown: Card = card(run.deployment)
    orders: list[Order] = list(orders_of(actor).filter(intent__run=run))
    return {
        "pnl": shown.pnl,
        "chart": chart_of(day_series(run.book)),
        "legs": legs_shown(run),
        "orders": orders,
        "decisions": list(run.decisions.all())[::-1],
        "steps": [{"word": word, "current": word == shown.badge} for word in STEPS],
    }


@require_POST
@page
def deployment_action(request: HttpRequest, actor: Actor, public_id: str, action: str) -> HttpResponse:
    """Pause, resume, square off or archive; a message says what it means, a pause can be undone from it."""
    found = get_visible(deployments_of(actor), actor, public_id)
    name = found.strategy.name
    undo = ""
    if action == "pause":
        deployment_pause(deployment=found, by=actor)
        text = f"{name} is paused: no new entries. Exits and stops keep working."
        undo = reverse("deployment-action", args=[public_id, "resume"])
    elif action == "resume":
        deployment_resume(deployment=found, by=actor)
        text = f"{name} may enter again."
    elif action == "square-off":
        deployment_square_off(deployment=found, by=actor)
        text = f"{name}: everything it holds is being closed."
    else:
        deployment_archive(deployment=found, by=actor)
        text = f"{name} is archived. Its history is kept."
    messages.success(request, text, extra_tags=undo)
    return back(request, "strategies")

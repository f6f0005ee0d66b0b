"""`/strategies/`: what is at work, and one strategy with its runs, legs, orders and decision log."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from execution.domain.curves import chart_of
from execution.models import Deployment, Run
from execution.selectors import (
    card,
    cards,
    deployments_of,
    legs_shown,
    marks_of,
    orders_of,
    run_full,
    runs_of,
)
from execution.services.deployments import (
    deployment_archive,
    deployment_pause,
    deployment_resume,
    deployment_square_off,
)
from markets.selectors import markets_of, session_shown
from portfolio.domain.pnl import Pnl
from portfolio.selectors import book_pnl, day_series, trading_day
from qlplatform.core.actors import get_visible
from qlplatform.core.errors import NotFound
from qlplatform.core.pages import back, page
from qlplatform.core.tenancy import Actor
from strategies.models import Strategy, StrategyVersion
from strategies.spec import describe, parse_spec

STEPS = ("scheduled", "waiting", "running", "exiting", "completed")
RUN_WORDS = {
    "ARMED": "waiting",
    "ENTERING": "running",
    "RUNNING": "running",
    "EXITING": "exiting",
    "COMPLETED": "completed",
}
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
    run = _run_asked(actor, found, request.GET.get("run", ""))
    deployments = deployments_of(actor).filter(strategy=found)
    deployment = deployments.filter(pk=run.deployment_id).first() if run else deployments.first()
    version = run.version if run else (deployment.version if deployment else None) or found.latest
    context: dict[str, Any] = {
        "section": "strategies",
        "strategy": found,
        "version": version,
        "versions": found.versions.order_by("-number"),
        "runs": runs,
        "card": card(deployment) if deployment else None,
        "run": run,
    }
    return render(
        request, "execution/strategy.html", context | _rules(version) | (_run_part(actor, run) if run else {})
    )


def _run_asked(actor: Actor, strategy: Strategy, public_id: str) -> Run | None:
    """The run named in the address; without a name the newest deployment's newest one."""
    if public_id:
        asked = run_full(actor, public_id)
        if asked is None or asked.deployment.strategy_id != strategy.pk:
            raise NotFound("This strategy has no such run.")
        return asked
    newest = deployments_of(actor).filter(strategy=strategy).values("pk")[:1]
    found = runs_of(actor).filter(deployment__in=newest).first()
    return run_full(actor, found.public_id) if found else None


def _rules(version: StrategyVersion | None) -> dict[str, Any]:
    if version is None:
        return {"sentences": []}
    spec = parse_spec(version.spec)
    return {"sentences": describe(spec), "exit_line": f"{spec.exit_time:%H:%M} at the latest"}


def _run_part(actor: Actor, run: Run) -> dict[str, Any]:
    run.book.account, run.account.market = run.account, run.market
    today = trading_day(run.market) == run.trading_date
    word = RUN_WORDS.get(run.phase, "")
    return {
        "pnl": book_pnl(run.market, run.trading_date, marks_of(run.market_id)).get(run.book_id, Pnl()),
        "chart": chart_of(day_series(run.book)) if today else None,
        "legs": legs_shown(run),
        "orders": list(orders_of(actor).filter(intent__run=run)),
        "decisions": list(run.decisions.all())[::-1],
        "steps": [{"word": step, "current": step == word} for step in STEPS],
    }


@require_POST
@page
def deployment_action(request: HttpRequest, actor: Actor, public_id: str, action: str) -> HttpResponse:
    """Pause, resume, square off or archive; a message says what it means, a pause can be undone from it."""
    found = get_visible(Deployment.objects.select_related("strategy"), actor, public_id)
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

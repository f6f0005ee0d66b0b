"""`/positions/`: what is held, by strategy or net per account, at the last prices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from markets.models import Market
from markets.selectors import markets_of, session_shown
from portfolio.domain.pnl import Pnl
from portfolio.selectors import limits_used, marks_of, pnl_of_books, positions, root_book
from qlplatform.core.pages import page
from qlplatform.core.tenancy import Actor

VIEWS = {"strategy": "virtual", "net": "net"}


@require_safe
@page
def position_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Positions of the session shown."""
    market = session_shown(actor, request.GET.get("session", ""))
    view = request.GET.get("view", "strategy")
    context: dict[str, Any] = {
        "section": "positions",
        "market": market,
        "sessions": markets_of(actor),
        "view": view if view in VIEWS else "strategy",
        "pnl": Pnl(),
        "newest": market == session_shown(actor),  # only its figures are live
    }
    if market is not None:
        context |= _account_part(actor, market, VIEWS.get(view, "virtual"))
    return render(request, "portfolio/positions.html", context)


def _account_part(actor: Actor, market: Market, kind: str) -> dict[str, Any]:
    root = root_book(market)
    account = root.account
    marks = marks_of(market)
    return {
        "rows": positions(actor, account=account, kind=kind),
        "pnl": pnl_of_books([account.pk], marks).get(root.pk, Pnl()),
        "limits": limits_used(account, marks),
    }

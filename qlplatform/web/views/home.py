"""`/`: the dashboard of the session shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from execution.domain.curves import chart_of, spark_of
from execution.selectors import Card, cards
from markets.models import Market
from markets.selectors import session_shown
from markets.sessions import session_sources
from portfolio.domain.pnl import Pnl
from portfolio.selectors import (
    LimitUse,
    PositionRow,
    day_points,
    day_series,
    limits_used,
    marks_of,
    pnl_of_books,
    positions,
    root_book,
)
from qlplatform.core.clock import wall
from qlplatform.core.pages import page
from qlplatform.core.tenancy import Actor
from qlplatform.web.formats import ist, long_date
from qlplatform.web.selectors import Day, recent_decisions, tally_of


@require_safe
@page
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Key figures, P&L of the day, strategies, positions, limits, activity."""
    market = session_shown(actor)
    shown = cards(actor, market) if market else []
    context: dict[str, Any] = {
        "section": "home",
        "market": market,
        "sets": list(session_sources().values()),
        "greeting": greeting(wall()),
        "day_line": _day_line(market),
        "cards": shown,
        "points": _sparks(shown),
        "tally": tally_of(shown),
        "day": Day(Pnl(), 0, 0, 0, None),
    }
    if market is not None:
        context |= _account_part(actor, market, shown)
    return render(request, "web/home.html", context)


def greeting(now: datetime) -> str:
    """Good morning, by the Indian clock."""
    hour = ist(now).hour
    return "Good morning" if 4 <= hour < 12 else "Good afternoon" if 12 <= hour < 17 else "Good evening"


def _day_line(market: Market | None) -> str:
    today = long_date(ist(wall()).date())
    if market is None or market.session_date is None:
        return f"{today} · no session played yet: start a template and one begins"
    return f"{today} · trading the recorded session of {long_date(market.session_date)} on paper"


def _sparks(shown: Sequence[Card]) -> dict[int, str]:
    curves = day_points([card.deployment.book_id for card in shown])
    return {book: spark_of(curve) for book, curve in curves.items()}


def _account_part(actor: Actor, market: Market, shown: Sequence[Card]) -> dict[str, Any]:
    book = root_book(market)
    account = book.account
    marks = marks_of(market)
    rows = positions(actor, account=account, kind="net")
    limits = limits_used(account, marks)
    pnl = pnl_of_books([account.pk], marks).get(book.pk, Pnl())
    return {
        "day": _day(pnl, rows, limits, shown),
        "chart": chart_of(day_series(book)),
        "positions": rows,
        "limits": limits,
        "activity": recent_decisions(account),
    }


def _day(pnl: Pnl, rows: Sequence[PositionRow], limits: Sequence[LimitUse], shown: Sequence[Card]) -> Day:
    open_rows = [row for row in rows if row.net_qty]
    return Day(
        pnl=pnl,
        open_positions=len(open_rows),
        open_strategies=sum(1 for card in shown if card.open_legs),
        open_lots=sum(abs(row.lots) for row in open_rows),
        lots_limit=next((limit.allowed for limit in limits if not limit.is_money), None),
    )

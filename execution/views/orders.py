"""`/orders/`: the order book with each order's state and reason in plain words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from execution.domain.order_states import ALIVE, FILLED, REJECTED
from execution.models import Order
from execution.selectors import orders_of
from markets.selectors import markets_of, session_shown
from qlplatform.core.actors import get_visible
from qlplatform.core.pages import page
from qlplatform.core.tenancy import Actor

PAGE = 50
TABS = (
    ("all", "All", None),
    ("open", "Open", ALIVE),
    ("filled", "Filled", frozenset({FILLED})),
    ("rejected", "Rejected", frozenset({REJECTED})),
)


@require_safe
@page
def orders(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Orders of the session shown, newest first, by state."""
    market = session_shown(actor, request.GET.get("session", ""))
    show, _, states = next((tab for tab in TABS if tab[0] == request.GET.get("show")), TABS[0])
    rows = orders_of(actor, market) if market else orders_of(actor).none()
    if states is not None:
        rows = rows.filter(state__in=states)
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before[:18]))
    found = list(rows[: PAGE + 1])
    context = {
        "section": "orders",
        "market": market,
        "sessions": markets_of(actor),
        "tabs": TABS,
        "show": show,
        "orders": found[:PAGE],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return render(request, "execution/orders.html", context)


@require_safe
@page
def order(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """One order: what was asked, what became of it, and its history."""
    whole = Order.objects.select_related("account", "instrument", "intent__run__deployment__strategy")
    found = get_visible(whole, actor, public_id)
    context = {"section": "orders", "order": found, "events": found.events.order_by("id")}
    return render(request, "execution/order.html", context)

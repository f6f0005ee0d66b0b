"""`/chain/<underlying>/`: the option chain of one expiry, and a contract of it in full."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from markets import quotes, selectors
from markets.chain_rows import rows_of, scale_of, smile_of, term_line
from markets.contract_card import card_of
from markets.domain.chain.window import around
from markets.models import Market
from markets.quotes import Snapshot
from markets.selectors import chain as chains
from markets.selectors.chain import Chain, Term
from qlplatform.core.errors import NotFound
from qlplatform.core.pages import page
from qlplatform.core.tenancy import Actor

FIRST = "NIFTY"
STRIKES = (("10", "±10", 10), ("20", "±20", 20), ("all", "All", None))
SMILE_EACH_SIDE = 20
MOST_MARKETS = 50


@require_safe
@page
def first(request: HttpRequest, actor: Actor) -> HttpResponse:
    """To the chain of NIFTY, or of what the shown market has instead."""
    market = chains.chain_market(actor)
    names = _underlyings(quotes.latest_or_none(market.pk))
    name = FIRST if FIRST in names or not names else names[0]
    return redirect("chain-of", underlying=market.underlying or name)


@require_safe
@page
def chain_page(request: HttpRequest, actor: Actor, underlying: str) -> HttpResponse:
    """The chain of an expiry (`?expiry=`, `?strikes=`, `?market=`)."""
    market = _market(request, actor)
    snapshot = quotes.latest_or_none(market.pk)
    names = _underlyings(snapshot)
    found = (
        _chain(snapshot, underlying.upper(), request.GET.get("expiry", "")) if snapshot and names else None
    )
    context: dict[str, Any] = {
        "section": "chain",
        "market": market,
        "markets": _markets(actor),
        "underlying": underlying.upper(),
        "underlyings": names,
        "strike_tabs": STRIKES,
        "chain": found,
    }
    if snapshot is not None and found is not None:
        context |= _chain_part(request, market, found, chains.term_in(snapshot, found.underlying))
    return render(request, "markets/chain.html", context)


@require_safe
@page
def contract(request: HttpRequest, actor: Actor, underlying: str, public_id: str) -> HttpResponse:
    """Everything about one contract: a dialog's part for the page's own script, else a page."""
    market = _market(request, actor)
    row = selectors.instrument(public_id)
    snapshot = quotes.latest_or_none(market.pk)
    if snapshot is None or row.expiry is None or row.underlying != underlying.upper():
        raise NotFound("This contract is not quoted in this market.", code="no_chain")
    found = chains.chain_in(snapshot, row.underlying, row.expiry)
    context = {"section": "chain", "market": market, "chain": found, "card": card_of(found, row)}
    alone = request.headers.get("HX-Request") == "true"
    return render(request, "markets/_contract.html" if alone else "markets/contract.html", context)


def _market(request: HttpRequest, actor: Actor) -> Market:
    wanted = request.GET.get("market", "")
    return selectors.market_of(actor, wanted) if wanted else chains.chain_market(actor)


def _markets(actor: Actor) -> list[Market]:
    """Those to choose from: the replays, and the live one once it has prices."""
    return [
        market
        for market in selectors.markets_of(actor)[:MOST_MARKETS]
        if market.is_replay or quotes.latest_or_none(market.pk) is not None
    ]


def _underlyings(snapshot: Snapshot | None) -> list[str]:
    """What is quoted, by name; nothing before the first price or while nobody knows it."""
    return sorted(chains.layout_of(snapshot)) if snapshot else []


def _chain(snapshot: Snapshot, underlying: str, expiry: str) -> Chain:
    """The chain asked for. An expiry that is not (or no longer) quoted gives the nearest one."""
    try:
        return chains.chain_in(snapshot, underlying, date.fromisoformat(expiry) if expiry else None)
    except (ValueError, NotFound):
        return chains.chain_in(snapshot, underlying)


def _chain_part(request: HttpRequest, market: Market, found: Chain, term: Term) -> dict[str, Any]:
    choice, _, each_side = next((tab for tab in STRIKES if tab[0] == request.GET.get("strikes")), STRIKES[0])
    count = len(found.layout.strikes_paise)
    sought = _sought(found, request.GET.get("strike", ""))
    window = around(found.table.atm if sought is None else sought, count, each_side)
    here = reverse("chain-of", args=[found.underlying])
    return {
        "strikes": choice,
        "sought": None if sought is None else int(found.layout.strikes_paise[sought]),
        "rows": rows_of(found, window),
        "scale": scale_of(found),
        "figures": found.table.figures,
        "forward": found.table.forward,
        "term": term,
        "smile": smile_of(found, around(found.table.atm, count, SMILE_EACH_SIDE)),
        "term_line": term_line(term.points),
        "channel": f"chain:{found.underlying}:{found.expiry.isoformat()}:{market.public_id}",
        "kept": _kept(request).items(),
        "tabs": [(day, f"{here}?{_query(request, expiry=day.isoformat())}") for day in found.expiries],
        "has_book": found.table.quotes.has_book,
        "has_oi": scale_of(found).oi > 0,
    }


def _sought(found: Chain, text: str) -> int | None:
    """The place of the strike nearest to the one looked for."""
    if not (text.isdecimal() and text.isascii()):
        return None
    return int(np.argmin(np.abs(found.layout.strikes_paise - int(text[:9]) * 100)))


def _query(request: HttpRequest, **changes: str) -> str:
    return urlencode(_kept(request) | changes)


def _kept(request: HttpRequest) -> dict[str, str]:
    """What was chosen, for links and forms that change something else."""
    return {name: request.GET[name] for name in ("market", "strikes", "expiry") if request.GET.get(name)}

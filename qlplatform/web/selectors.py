"""Reads for the frame of every page and for the dashboard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from brokers.models import BrokerAccount
from execution.domain import badges
from execution.domain.order_states import ALIVE
from execution.models import Decision, Deployment, KillSwitch
from execution.selectors import Card, kill_state, orders_of
from execution.services.controls import SPEEDS
from markets import quotes
from markets.domain.calendar import MarketState
from markets.models import Market
from markets.selectors import calendar, session_shown
from portfolio.domain.pnl import Pnl
from qlplatform.core.clock import wall
from qlplatform.core.tenancy import Actor
from qlplatform.web.navigation import EVERYWHERE, MORE, NAVIGATION, PHONE, NavGroup, NavItem

SHOWN_DECISIONS = 8


@dataclass(frozen=True, slots=True)
class Ticker:
    """An index with its last price; `key` is its live value."""

    name: str
    paise: int

    @property
    def key(self) -> str:
        return f"mkt.spot:{self.name}"


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame: everything the top bar, rail and banners show."""

    wall: datetime
    market_state: MarketState
    replay: Market | None
    tickers: Sequence[Ticker]
    kill: KillSwitch | None
    live_count: int
    paper_count: int
    counts: dict[str, int]
    live_url: str
    speeds: Sequence[int] = SPEEDS
    navigation: Sequence[NavGroup] = NAVIGATION
    phone: Sequence[NavItem] = (*PHONE, MORE)
    everywhere: Sequence[NavItem] = EVERYWHERE


def shell_of(actor: Actor, *, host: str) -> Shell:
    """The frame for `actor`; `host` is the page's own, on which the live socket is reached."""
    now = wall()
    replay = session_shown(actor)
    modes = _modes(actor, replay)
    return Shell(
        wall=now,
        market_state=calendar().describe(now),
        replay=replay,
        tickers=_tickers(replay),
        kill=kill_state(actor),
        live_count=modes["live"],
        paper_count=modes["paper"],
        counts={
            "strategies": modes.total(),
            "orders": orders_of(actor, replay).filter(state__in=ALIVE).count(),
        },
        live_url=live_url(host),
    )


def live_url(host: str) -> str:
    """Where the live socket is: QL_LIVE_ORIGIN, else the page's own host name at QL_LIVE_PORT."""
    name = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
    origin = settings.QL_LIVE_ORIGIN or f"ws://{name}:{settings.QL_LIVE_PORT}"
    return f"{origin}/ws/v1/live/"


def _modes(actor: Actor, replay: Market | None) -> Counter[str]:
    """How many deployments are at work in each mode: those of the shown replay, and every real one."""
    at_work = Deployment.objects.visible_to(actor).exclude(state=Deployment.State.ARCHIVED)
    rows = at_work.values_list("account__broker", "account__market_id")
    shown = replay.pk if replay else None
    return Counter(
        "paper" if broker == "paper" else "live"
        for broker, market in rows
        if broker != "paper" or market == shown
    )


def _tickers(replay: Market | None) -> list[Ticker]:
    snapshot = quotes.latest_or_none(replay.pk) if replay else None
    return [Ticker(name, paise) for name, paise in snapshot.spot.items()] if snapshot else []


@dataclass(frozen=True, slots=True)
class Day:
    """The account's day in figures."""

    pnl: Pnl
    open_positions: int
    open_strategies: int
    open_lots: int
    lots_limit: int | None


@dataclass(frozen=True, slots=True)
class Tally:
    running: int
    attention: int
    paused: int


def tally_of(cards: Sequence[Card]) -> Tally:
    """How many strategies run, need attention, are paused."""
    words = Counter(card.badge for card in cards)
    return Tally(words[badges.RUNNING] + words[badges.EXITING], words[badges.ATTENTION], words[badges.PAUSED])


def recent_decisions(account: BrokerAccount) -> list[Decision]:
    """The newest lines of the decision logs of an account's runs."""
    rows = Decision.objects.filter(run__account=account).exclude(kind="level")
    return list(rows.select_related("run__deployment__strategy").order_by("-id")[:SHOWN_DECISIONS])

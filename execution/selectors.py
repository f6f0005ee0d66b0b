"""Reads for pages and API: deployments with their state, runs, orders, the decision log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Prefetch, Q, QuerySet

from brokers.models import BrokerAccount
from execution.domain import badges
from execution.domain.order_states import ALIVE
from execution.models import Decision, Deployment, KillSwitch, Leg, Order, Run
from markets import quotes
from markets.models import Market
from portfolio.domain.pnl import Pnl
from portfolio.selectors import pnl_of_books
from qlplatform.core.tenancy import Actor
from strategies.engine.state import RunState, from_json
from strategies.spec import describe, next_action, parse_spec


@dataclass(frozen=True, slots=True)
class Card:
    """A deployment as a page shows it: state word, next action in words, P&L of the day."""

    deployment: Deployment
    run: Run | None
    badge: str
    next: str
    pnl: Pnl
    open_legs: int
    sentences: tuple[str, ...]

    @property
    def mode(self) -> str:
        return self.deployment.mode


def market_shown(actor: Actor) -> Market | None:
    """The market pages show first: the workspace's newest replay; None before the first."""
    return Market.objects.visible_to(actor).filter(kind=Market.Kind.REPLAY).order_by("-id").first()


def sessions_of(actor: Actor) -> QuerySet[Market]:
    """The workspace's replays, newest first, to choose from."""
    return Market.objects.visible_to(actor).filter(kind=Market.Kind.REPLAY).order_by("-id")


def account_of(market: Market) -> BrokerAccount:
    """The paper account of a replay."""
    return BrokerAccount.objects.get(market=market)


def deployments_of(actor: Actor, market: Market | None = None) -> QuerySet[Deployment]:
    """Deployments the actor may see, newest first; of one market when given."""
    rows = Deployment.objects.visible_to(actor).select_related(
        "strategy__latest", "version", "account__market", "basket", "book", "schedule"
    )
    if market is not None:
        rows = rows.filter(account__market=market)
    return rows.order_by("-id")


def cards(actor: Actor, market: Market | None = None) -> list[Card]:
    """Deployments (not the archived ones) with newest run, state and P&L, valued at the newest prices."""
    return cards_of(deployments_of(actor, market).exclude(state=Deployment.State.ARCHIVED).order_by("id"))


def cards_of(deployments: Iterable[Deployment]) -> list[Card]:
    """The cards of these deployments (read by `deployments_of`), in their order."""
    rows = list(deployments)
    newest = (
        Run.objects.filter(deployment__in=rows).order_by("deployment_id", "-id").distinct("deployment_id")
    )
    runs = {run.deployment_id: run for run in newest.prefetch_related("legs")}
    pnl = _pnl(rows)
    return [_card(row, runs.get(row.pk), pnl.get(row.book_id, Pnl())) for row in rows]


def card(deployment: Deployment) -> Card:
    """One deployment as a page shows it."""
    run = deployment.runs.order_by("-id").first()
    return _card(deployment, run, _pnl([deployment]).get(deployment.book_id, Pnl()))


def _pnl(rows: list[Deployment]) -> dict[int, Pnl]:
    found: dict[int, Pnl] = {}
    for market_id in {row.account.market_id for row in rows}:
        accounts = [row.account_id for row in rows if row.account.market_id == market_id]
        found |= pnl_of_books(accounts, marks_of(market_id))
    return found


def marks_of(market_id: int) -> dict[int, int]:
    """Last known prices of a market by instrument key; empty before its first event."""
    snapshot = quotes.latest_or_none(market_id)
    return snapshot.marks() if snapshot else {}


def _card(deployment: Deployment, run: Run | None, pnl: Pnl) -> Card:
    spec = parse_spec(deployment.current_version.spec)
    state: RunState | None = from_json(run.state) if run and run.state else None
    due = deployment.schedule.next_due_at is not None
    word = badges.badge(
        deployment_state=deployment.state,
        phase=run.phase if run else None,
        outcome=run.outcome if run else "",
        due=due,
    )
    waits = next_action(spec, state) if run is None or run.is_open else run.outcome_text
    if run is None and not due and deployment.account.market.is_replay:
        waits = f"Entry {spec.entry_time:%H:%M} had passed when it was added: play the day again to trade it"
    open_legs = sum(1 for leg in run.legs.all() if leg.open_qty) if run else 0
    return Card(deployment, run, word, waits, pnl, open_legs, tuple(describe(spec)))


def runs_of(actor: Actor) -> QuerySet[Run]:
    """Runs with what a list shows, newest first."""
    return (
        Run.objects.visible_to(actor)
        .select_related("deployment__strategy", "version", "account", "market", "book")
        .order_by("-id")
    )


def run_full(actor: Actor, public_id: str) -> Run | None:
    """A run with legs and decisions, oldest decision first."""
    legs = Leg.objects.select_related("instrument").order_by("cycle", "id")
    log = Decision.objects.order_by("id")
    whole = runs_of(actor).prefetch_related(Prefetch("legs", legs), Prefetch("decisions", log))
    return whole.filter(public_id=public_id).first()


def orders_of(actor: Actor, market: Market | None = None) -> QuerySet[Order]:
    """Orders with what the order book shows, newest first."""
    rows = Order.objects.visible_to(actor).select_related(
        "account__market", "instrument", "intent__run__deployment__strategy"
    )
    if market is not None:
        rows = rows.filter(account__market=market)
    return rows.order_by("-id")


def active_kill(workspace_id: int | None) -> KillSwitch | None:
    """The kill switch in force for a workspace, its own or the platform's."""
    mine = Q(workspace_id=workspace_id) | Q(workspace_id=None)
    return KillSwitch.objects.filter(mine, lifted_at=None).order_by("id").first()


def kill_state(actor: Actor) -> KillSwitch | None:
    """The kill switch in force for the actor's workspace."""
    return active_kill(actor.workspace_id)


@dataclass(frozen=True, slots=True)
class Trade:
    """One closed piece: a leg from its entry to its exit. Prices are the average fills in paise."""

    leg: Leg
    day: date
    entry_at: datetime
    exit_at: datetime
    gross_paise: int


def trades_of(run: Run) -> list[Trade]:
    """Closed pieces of a run in the order they were opened."""
    closed = [
        leg
        for leg in run.legs.select_related("instrument").order_by("cycle", "id")
        if leg.exit_qty and not leg.open_qty
    ]
    return [_trade(run, leg) for leg in closed]


def _trade(run: Run, leg: Leg) -> Trade:
    sign = 1 if leg.side == "BUY" else -1
    return Trade(
        leg,
        run.trading_date,
        leg.entered_at or run.opened_at,
        leg.exited_at or run.opened_at,
        sign * (leg.exit_value_paise - leg.entry_value_paise),
    )


@dataclass(frozen=True, slots=True)
class LegRow:
    """A leg as a page shows it. Prices are averages in paise, `pnl_paise` is gross: realised, and open at the
    last price.
    """

    leg: Leg
    entry_paise: int | None
    exit_paise: int | None
    mark_paise: int | None
    pnl_paise: int


def legs_shown(run: Run) -> list[LegRow]:
    """The legs of a run (with `legs` and their instruments loaded), valued at the newest prices of its
    market.
    """
    marks = marks_of(run.market_id)
    return [_leg_row(leg, marks.get(leg.instrument_id)) for leg in run.legs.all()]


def _leg_row(leg: Leg, mark: int | None) -> LegRow:
    sign = 1 if leg.side == "BUY" else -1
    cost = leg.entry_value_paise
    worth = leg.exit_value_paise + (leg.open_qty * mark if mark else 0)
    # without a price an open piece counts at its cost
    unpriced = 0 if mark or not leg.open_qty else cost * leg.open_qty // leg.entry_qty
    return LegRow(
        leg=leg,
        entry_paise=_average(cost, leg.entry_qty),
        exit_paise=_average(leg.exit_value_paise, leg.exit_qty),
        mark_paise=mark,
        pnl_paise=sign * (worth + unpriced - cost),
    )


def _average(value_paise: int, qty: int) -> int | None:
    """Value over quantity, to the nearest paisa (halves up); None for nothing."""
    return (2 * value_paise + qty) // (2 * qty) if qty else None


@dataclass(frozen=True, slots=True)
class KillReach:
    """What the kill switch would reach now. `slippage_paise` is what the simulated exchange adds to closing
    everything.
    """

    strategies: int
    orders: int
    positions: int
    slippage_paise: int


def kill_reach(actor: Actor) -> KillReach:
    """What each level of the kill switch would stop in the actor's workspace."""
    at_work = (
        deployments_of(actor)
        .filter(state=Deployment.State.ACTIVE)
        .exclude(account__market__state=Market.State.ENDED)
    )
    entries = orders_of(actor).filter(is_exit=False, state__in=ALIVE)
    legs = Leg.objects.filter(run__workspace_id=actor.workspace_id or 0, entry_qty__gt=F("exit_qty"))
    held = list(legs.exclude(run__phase__in=Run.CLOSED).select_related("run__market"))
    slippage = sum(leg.open_qty * leg.run.market.slippage_paise for leg in held)
    return KillReach(at_work.count(), entries.count(), len(held), slippage)

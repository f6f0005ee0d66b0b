"""One recorded session through the whole platform path in one process: same core, same order path, simulated
exchange.

Engine, drain and venue are the very classes of the running platform; only their loops are replaced by turns
taken one after another until nothing is left to do for a price event.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from brokers.registry import use_venue
from brokers.sandbox.feed import InProcessFeed
from brokers.sandbox.venue import Venue
from brokers.services import account_open_paper
from execution.drain.drain import Drain
from execution.drain.keeper import SHARDS
from execution.drain.lease import Lease
from execution.models import Decision, Deployment, Order, Run
from execution.replay.player import Player
from execution.services.deployments import deployment_create
from execution.services.engine import Engine
from execution.services.replays import PAPER_CAPITAL_PAISE
from markets import quotes
from markets.domain.sessions import BARS
from markets.models import Market
from markets.selectors import calendar_of
from markets.sessions import Session
from portfolio.services import limits_seed
from qlplatform.core.models import User, Workspace
from qlplatform.core.services import workspace_create
from qlplatform.core.tenancy import Actor
from strategies.services import strategy_create


@dataclass(frozen=True, slots=True)
class Played:
    """What a session came to."""

    run: Run | None
    orders: int
    decisions: int


class Stage:
    """Engine, drain and venue of one process, driven by turns. Use as a context manager."""

    def __init__(self) -> None:
        self.engine = Engine(SHARDS)
        self.lease = Lease()
        self.drain = Drain(self.lease)
        self.venue = Venue()
        self.loop = asyncio.new_event_loop()

    def turn_until_quiet(self) -> None:
        """Drain and hear until nothing is left to do."""
        self.lease.take(SHARDS)
        if self.lease.epochs:
            self.lease.renew()
        while self.loop.run_until_complete(self.drain.pass_once()) or self.engine.on_events():
            self.lease.renew()

    def close(self) -> None:
        self.loop.run_until_complete(self.drain.close())
        self.lease.release()
        self.loop.close()


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage whose venue is the one that paper accounts of this process trade on."""
    made = Stage()
    use_venue(made.venue)
    try:
        yield made
    finally:
        made.close()
        use_venue(None)


def play(market: Market, session: Session, on: Stage) -> None:
    """Play every event of `session` in `market`, then end it."""
    acks: dict[int, int] = {}
    player = Player(market, InProcessFeed(on.venue), session, lambda pk: acks.get(pk, 0))
    while not player.at_end:
        snapshot = player.advance()
        acted = on.engine.on_price(snapshot)
        acks[market.pk] = snapshot.seq
        if acted or player.filled:
            on.turn_until_quiet()
        player.settled()
    player.square_off()
    on.turn_until_quiet()
    player.close_session()
    on.turn_until_quiet()
    player.end()


def run_session(*, session: Session, spec: dict[str, Any], slippage_paise: int = 0) -> Played:
    """Trade `spec` through `session` in a workspace of its own and return the run. Raises SpecInvalid."""
    deployment = _deploy(session, spec, slippage_paise)
    with stage() as on:
        play(deployment.account.market, session, on)
    run = Run.objects.filter(deployment=deployment).first()
    return Played(
        run=run,
        orders=Order.objects.filter(account=deployment.account).count(),
        decisions=Decision.objects.filter(run=run).count(),
    )


def _begins(session: Session) -> datetime:
    """When the market of a session begins: with its first bar; before its first snapshot, with the day."""
    hours = calendar_of(session.underlying).session(session.day) if session.kind != BARS else None
    return hours.open if hours else session.times[0] - session.bar


def _deploy(session: Session, spec: dict[str, Any], slippage_paise: int) -> Deployment:
    owner = User.objects.create_user(email=f"replay-{User.objects.count()}@example.invalid")
    workspace: Workspace = workspace_create(name="Replay", owner=owner)
    by = Actor.system("replay_session", workspace.pk)
    strategy = strategy_create(workspace=workspace, spec=spec, by=by)
    market = Market.objects.create(
        workspace=workspace,
        kind=Market.Kind.REPLAY,
        underlying=session.underlying,
        session_date=session.day,
        source="file",
        speed=0,
        slippage_paise=slippage_paise,
        state=Market.State.PLAYING,
        now=_begins(session),
    )
    quotes.forget(market.pk)
    account = account_open_paper(
        workspace=workspace, market=market, name="Replay", capital_paise=PAPER_CAPITAL_PAISE, by=by
    )
    limits_seed(account)
    return deployment_create(strategy=strategy, account=account, by=by)

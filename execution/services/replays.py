"""Replays of recorded sessions: each is a new market with an account and books of its own, used once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from baskets.models import Basket
from brokers.models import BrokerAccount
from brokers.services import account_open_paper
from execution.models import Deployment
from execution.services.deployments import deployment_create
from execution.services.entry_gate import kill_refuse
from markets.models import Market
from markets.selectors import live_market
from markets.services import market_control, replay_market_create
from markets.sessions import SessionSource, bundled_sources, session_sources
from portfolio.services import limits_copy, limits_seed
from qlplatform.core.clock import IST
from qlplatform.core.errors import UserError
from qlplatform.core.models import Workspace
from qlplatform.core.tenancy import Actor
from strategies.models import Strategy
from strategies.spec import parse_spec

PAPER_CAPITAL_PAISE = 10_00_000_00
DEFAULT_SPEED = 60


def workspace_prepare(workspace: Workspace) -> None:
    """A paper account with small limits from birth (called when a workspace is created)."""
    by = Actor.system("setup", workspace.pk)
    account = account_open_paper(
        workspace=workspace, market=live_market(), name="Paper", capital_paise=PAPER_CAPITAL_PAISE, by=by
    )
    limits_seed(account)


@transaction.atomic
def replay_start(
    *,
    workspace: Workspace,
    by: Actor,
    source: str | None = None,
    session_date: date | None = None,
    speed: int = DEFAULT_SPEED,
    deployments: Iterable[Deployment] | None = None,
) -> Market:
    """Play a recorded session in a new market, with copies of the active deployments of the workspace's
    newest replay.

    Without source and date the first bundled day is taken. Raises UserError when that session does not exist.
    """
    by.require("trade")
    played, day = _session(source, session_date)
    before = newest_replay(workspace)
    copied = list(deployments) if deployments is not None else (_active(before) if before else [])
    market = replay_market_create(
        workspace=workspace, source=played.name, session_date=day, speed=speed, by=by
    )
    account = account_open_paper(
        workspace=workspace,
        market=market,
        name=f"{'Synthetic' if played.made_up else 'Replay'} {day:%-d %b %Y}",
        capital_paise=PAPER_CAPITAL_PAISE,
        by=by,
    )
    limits_copy(source=home_account(workspace), target=account)
    for old in copied:
        deployment_create(
            strategy=old.strategy,
            account=account,
            by=by,
            multiplier=old.multiplier,
            basket=old.basket,
            version=old.version,
        )
    return market_control(market=market, action="play", by=by)


def paper_deploy(
    *, workspace: Workspace, strategy: Strategy, by: Actor, multiplier: int = 1, basket: Basket | None = None
) -> Deployment:
    """Put a strategy to work on paper in one step.

    It joins the workspace's newest replay while its entry time is still ahead there; otherwise a new replay
    of the same day begins at the open, with the other active strategies. The older replay plays on
    undisturbed. Raises KillSwitchOn while the kill switch is on.
    """
    kill_refuse(workspace.pk)
    market = newest_replay(workspace)
    if market is None or not _entry_ahead(market, strategy):
        market = replay_start(
            workspace=workspace,
            by=by,
            source=market.source if market else None,
            session_date=market.session_date if market else None,
            deployments=[
                old for old in (_active(market) if market else []) if old.strategy_id != strategy.pk
            ],
        )
    return deployment_create(
        strategy=strategy, account=replay_account(market), by=by, multiplier=multiplier, basket=basket
    )


def paper_deployed(*, workspace: Workspace, strategy: Strategy) -> Deployment | None:
    """The strategy's active deployment on the newest replay while its entry is still ahead there."""
    market = newest_replay(workspace)
    if market is None or not _entry_ahead(market, strategy):
        return None
    active = Deployment.objects.filter(
        strategy=strategy, account__market=market, state=Deployment.State.ACTIVE
    )
    return active.select_related("account").order_by("id").first()


def newest_replay(workspace: Workspace) -> Market | None:
    """The workspace's newest replay, whatever its state."""
    return Market.objects.filter(workspace=workspace, kind=Market.Kind.REPLAY).order_by("-id").first()


def newest_replay_id(workspace_id: int) -> int | None:
    """Key of the workspace's newest replay: the market its pages show first."""
    rows = Market.objects.filter(workspace_id=workspace_id, kind=Market.Kind.REPLAY)
    return rows.order_by("-id").values_list("pk", flat=True).first()


def replay_account(market: Market) -> BrokerAccount:
    """The one paper account of a replay."""
    return BrokerAccount.objects.get(market=market)


def home_account(workspace: Workspace) -> BrokerAccount:
    """The workspace's paper account from birth; replays copy its limits."""
    return BrokerAccount.objects.filter(
        workspace=workspace, market__kind=Market.Kind.LIVE, broker="paper"
    ).earliest("id")


def next_session(market: Market) -> date | None:
    """The set's day after the replay's, None after the last or when the set is gone."""
    found = session_sources().get(market.source)
    days = found.days if found else ()
    later = [day for day in days if market.session_date and day > market.session_date]
    return later[0] if later else None


def _active(market: Market) -> list[Deployment]:
    rows = Deployment.objects.filter(account__market=market, state=Deployment.State.ACTIVE)
    return list(rows.select_related("strategy__latest", "version", "basket").order_by("id"))


def _entry_ahead(market: Market, strategy: Strategy) -> bool:
    if market.state == Market.State.ENDED or strategy.latest is None:
        return False
    if market.now is None:
        return True
    return market.now.astimezone(IST).time() < parse_spec(strategy.latest.spec).entry_time


def _session(source: str | None, session_date: date | None) -> tuple[SessionSource, date]:
    sources = session_sources()
    if not sources:
        raise UserError("No recorded session is installed under data/sessions/.", code="no_sessions")
    name = source or next(iter(bundled_sources() or sources))
    if name not in sources:
        raise UserError(
            f"There is no recorded session set “{name}”. There is: {', '.join(sources)}.",
            code="unknown_source",
        )
    days = sources[name].days
    day = session_date or days[0]
    if day not in days:
        listed = ", ".join(f"{d:%-d %b %Y}" for d in days)
        raise UserError(
            f"{name} has no session on {day:%-d %b %Y}. It has: {listed}.", code="no_data_for_date"
        )
    return sources[name], day

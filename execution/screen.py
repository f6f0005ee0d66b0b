"""State values for the screens: P&L, positions, states and the clock of a market, pushed a few times a second
when they change.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from redis.exceptions import RedisError

from brokers.models import BrokerAccount
from execution.selectors import cards
from execution.services.replays import newest_replay_id
from markets import quotes
from markets.models import Market
from markets.quotes import Snapshot
from portfolio.selectors import limits_used, pnl_of_books, positions
from portfolio.services import book_for_account
from qlplatform.core.live import push_values, values_of
from qlplatform.core.money import rupee_str
from qlplatform.core.tenancy import Actor

Values = dict[str, str | int | None]


def screen_push(market: Market) -> None:
    """Push what changed of a replay's values to its workspace's screens. Losing Redis loses screen updates
    only.
    """
    if market.workspace_id is None:
        return
    with suppress(RedisError):
        values = market_values(market, market.workspace_id)
        known = values_of(market.workspace_id)
        push_values(
            market.workspace_id, {name: value for name, value in values.items() if known.get(name) != value}
        )


def market_values(market: Market, workspace_id: int) -> Values:
    """All live values of a market, by their flat keys. Account figures and the clock only for the market
    pages show first.
    """
    actor = Actor.system("screen", workspace_id)
    account = BrokerAccount.objects.select_related("market").get(market=market)
    snapshot = quotes.latest(market.pk)
    values = _deployment_values(actor, market) | _position_values(actor, account)
    if market.pk == newest_replay_id(workspace_id):
        values |= _account_values(account, snapshot) | _market_values(market, snapshot)
    return values


def _deployment_values(actor: Actor, market: Market) -> Values:
    values: Values = {}
    for card in cards(actor, market):
        name = f"dep:{card.deployment.public_id}"
        values |= {
            f"{name}.net": rupee_str(card.pnl.net_paise),
            f"{name}.state": card.badge,
            f"{name}.next": card.next,
            f"{name}.legs": card.open_legs,
        }
    return values


def _position_values(actor: Actor, account: BrokerAccount) -> Values:
    values: Values = {}
    for kind in ("net", "virtual"):
        for row in positions(actor, account=account, kind=kind):
            name = f"pos:{row.id}"
            values |= {
                f"{name}.ltp": rupee_str(row.mark_paise) if row.mark_paise is not None else None,
                f"{name}.pnl": rupee_str(row.net_paise),
                f"{name}.qty": row.net_qty,
            }
    return values


def _account_values(account: BrokerAccount, snapshot: Snapshot | None) -> Values:
    book = book_for_account(account)
    marks = snapshot.marks() if snapshot else {}
    pnl = pnl_of_books([account.pk], marks).get(book.pk)
    if pnl is None:
        return {}
    open_rows = [
        row
        for row in positions(Actor.system("screen", account.workspace_id), account=account, kind="net")
        if row.net_qty
    ]
    values: Values = {
        "acct.net": rupee_str(pnl.net_paise),
        "acct.realised": rupee_str(pnl.realised_paise),
        "acct.unrealised": rupee_str(pnl.unrealised_paise),
        "acct.charges": rupee_str(pnl.charges_paise),
        "acct.positions": len(open_rows),
        "acct.lots": sum(abs(row.lots) for row in open_rows),
    }
    return values | _limit_values(account, marks)


def _limit_values(account: BrokerAccount, marks: Mapping[int, int]) -> Values:
    values: Values = {}
    for limit in limits_used(account, marks):
        used = rupee_str(limit.used) if limit.is_money else limit.used
        values |= {f"limit:{limit.kind}.used": used, f"limit:{limit.kind}.pct": limit.percent}
    return values


def _market_values(market: Market, snapshot: Snapshot | None) -> Values:
    values: Values = {
        "mkt.id": market.public_id,
        "mkt.state": market.state,
        "mkt.now": snapshot.at.isoformat().replace("+00:00", "Z") if snapshot else None,
        "mkt.speed": market.speed,
        "mkt.note": market.note,
    }
    for name, paise in (snapshot.spot if snapshot else {}).items():
        values[f"mkt.spot:{name}"] = rupee_str(paise)
    return values

"""Deployed strategies, runs, orders and what a broker says about them, on the replay of 15 June 2022."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from brokers.models import BrokerAccount, Report
from execution.domain.tags import order_tag
from execution.models import Deployment, Intent, Order, Run
from execution.seeding import seed_execution
from execution.services.deployments import deployment_create
from markets.models import Market
from markets.seeding import seed_markets
from portfolio.services import limits_seed
from qlplatform.core.clock import IST
from qlplatform.core.models import Membership, User
from qlplatform.core.tenancy import Actor, Role
from strategies.models import Strategy
from strategies.services import strategy_create
from tests.factories.stage import OPENED, Stage

AT_0920 = datetime(2022, 6, 15, 3, 50, tzinfo=UTC)
LOT = 50
_numbers = count(1)

LEG = {"right": "CE", "side": "SELL", "lots": 1, "strike_by": {"method": "ATM_OFFSET", "offset": 0}}


def spec(**changes: Any) -> dict[str, Any]:
    """A short straddle at 09:20 with 25 % stops."""
    stop = {"type": "PREMIUM_PCT", "value": 25}
    straddle = {
        "name": "0920 straddle",
        "underlying": "NIFTY",
        "expiry_by": "WEEKLY",
        "entry_time": "09:20",
        "exit_time": "15:15",
        "legs": [LEG | {"stop": stop}, LEG | {"right": "PE", "stop": stop}],
    }
    return straddle | changes


class Floor(Stage):
    """A stage with everything the order path needs: market facts, shard leases, limits, one deployed
    straddle.
    """

    def __init__(self) -> None:
        seed_markets()
        seed_execution()
        super().__init__()
        self.market.now, self.market.state = OPENED, Market.State.PLAYING
        self.market.save()
        limits_seed(self.account)
        self.strategy = self.strategy_new()
        self.deployment = self.deploy()

    def actor(self, role: str = Role.OWNER) -> Actor:
        """Somebody with that role in the workspace."""
        return Actor(f"{role}@example.test", workspace_id=self.workspace.pk, role=role, via="web")

    def member(self, role: str = Role.OWNER) -> User:
        """A person with that role in the workspace."""
        user = User.objects.create_user(f"{role}{next(_numbers)}@example.test")
        Membership.objects.create(workspace=self.workspace, user=user, role=role)
        return user

    def strategy_new(self, **changes: Any) -> Strategy:
        return strategy_create(workspace=self.workspace, spec=spec(**changes), by=self.actor())

    def deploy(self, account: BrokerAccount | None = None, **how: Any) -> Deployment:
        account = account or self.account
        account.market = self.market
        strategy = how.pop("strategy", self.strategy)
        return deployment_create(strategy=strategy, account=account, by=self.actor(), **how)

    def run(self, deployment: Deployment | None = None, **changes: Any) -> Run:
        """An open run of a deployment."""
        of = deployment or self.deployment
        values = {
            "workspace": self.workspace,
            "deployment": of,
            "version": of.strategy.latest,
            "account": of.account,
            "market": self.market,
            "book": of.book,
            "shard": of.account.shard,
            "trading_date": AT_0920.astimezone(IST).date(),
            "opened_at": AT_0920,
        }
        return Run.objects.create(**values | changes)

    def intent(
        self, run: Run, ref: str = "1-L1-E1", qty: int = LOT, purpose: str = "ENTRY", **changes: Any
    ) -> Intent:
        values = {
            "workspace": self.workspace,
            "account": run.account,
            "run": run,
            "order_ref": ref,
            "leg_id": "L1",
            "purpose": purpose,
            "instrument": self.call,
            "side": "SELL" if purpose == "ENTRY" else "BUY",
            "qty": qty,
            "decision_price_paise": 100_00,
            "text": "Sell 1 lot",
            "created_at": AT_0920,
        }
        return Intent.objects.create(**values | changes)

    def order(self, intent: Intent, number: int = 1, **changes: Any) -> Order:
        """One slice of an intent, not sent yet."""
        values = {
            "workspace": self.workspace,
            "account": intent.account,
            "intent": intent,
            "shard": intent.account.shard,
            "slice": number,
            "tag": order_tag(run_ref=intent.run.public_id, order_ref=intent.order_ref, slice_no=number),
            "instrument": intent.instrument,
            "side": intent.side,
            "qty": intent.qty,
            "limit_paise": 5 if intent.side == "SELL" else 50_000,
            "is_exit": intent.purpose == "EXIT",
            "created_at": AT_0920,
            "updated_at": AT_0920,
        }
        return Order.objects.create(**values | changes)


def status(order: Order, word: str, *, filled: int = 0, second: int = 0, **changes: Any) -> Report:
    """The broker says how an order stands."""
    return _report(order, Report.Kind.ORDER, second, status=word, filled_qty=filled, **changes)


def trade(order: Order, qty: int, *, price: int = 100_00, second: int = 0, **changes: Any) -> Report:
    """The broker says that an order traded."""
    given = {"trade_id": f"T{next(_numbers)}"} | changes
    return _report(order, Report.Kind.TRADE, second, qty=qty, price_paise=price, **given)


def _report(order: Order, kind: str, second: int, **values: Any) -> Report:
    base = {
        "account": order.account,
        "shard": order.shard,
        "kind": kind,
        "broker_order_id": "V1",
        "tag": order.tag,
        "exchange_time": AT_0920 + timedelta(seconds=second),
        "received_at": AT_0920,
    }
    return Report.objects.create(**base | values)

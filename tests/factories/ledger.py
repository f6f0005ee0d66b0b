"""Valid workspaces, replay accounts, options and trades; every function works without arguments."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

from brokers.models import BrokerAccount
from brokers.services import account_open_paper
from markets.models import Instrument, Market
from portfolio.domain.facts import OrderFacts, TradeFacts
from portfolio.models import Book
from portfolio.services import book_create_deployment
from qlplatform.core.models import Membership, User, Workspace
from qlplatform.core.tenancy import Actor, Role

DAY = date(2022, 6, 8)
AT = datetime(2022, 6, 8, 4, 0, tzinfo=UTC)
_numbers = count(1)


def workspace() -> Workspace:
    return Workspace.objects.create(name=f"Workspace {next(_numbers)}")


def member(of: Workspace, role: str = Role.OWNER) -> User:
    user = User.objects.create_user(f"person{next(_numbers)}@example.test")
    Membership.objects.create(workspace=of, user=user, role=role)
    return user


def actor(of: Workspace, role: str = Role.OWNER) -> Actor:
    """An actor of a workspace without a person behind it."""
    return Actor(label=f"{role}@example.test", workspace_id=of.pk, role=role, via="api")


def replay(of: Workspace) -> Market:
    return Market.objects.create(
        workspace=of,
        kind=Market.Kind.REPLAY,
        underlying="NIFTY",
        session_date=DAY,
        state=Market.State.PLAYING,
        now=AT,
    )


def account(of: Workspace | None = None) -> BrokerAccount:
    """A paper account on a replay of 8 June 2022."""
    owner = of or workspace()
    return account_open_paper(
        workspace=owner,
        market=replay(owner),
        name="Replay",
        capital_paise=10_00_000_00,
        by=Actor.system("test"),
    )


def option(strike: int = 16_400, right: str = "CE") -> Instrument:
    instrument, _ = Instrument.objects.get_or_create(
        underlying="NIFTY",
        kind=right,
        expiry=date(2022, 6, 9),
        strike_paise=strike * 100,
        defaults={"lot_size": 50, "symbol": f"NIFTY 09 JUN {strike} {right}"},
    )
    return instrument


def book(of: BrokerAccount, name: str = "Straddle", parent: Book | None = None) -> Book:
    return book_create_deployment(account=of, name=name, parent=parent)


def order(of: BrokerAccount, in_book: Book, **facts: object) -> OrderFacts:
    """A sell order of the 16400 CE unless told otherwise."""
    given = {
        "account": of,
        "book_id": in_book.pk,
        "instrument": option(),
        "side": "SELL",
        "trading_date": DAY,
        "order_ref": f"ord_{next(_numbers)}",
        "leg_ref": "1-L1",
    }
    return OrderFacts(**(given | facts))  # type: ignore[arg-type]


def trade(qty: int = 50, price_paise: int = 120_00, trade_id: str = "") -> TradeFacts:
    return TradeFacts(trade_id or f"T{next(_numbers)}", qty, price_paise, AT)

"""Reads of the ledger: P&L of books and accounts, positions at the latest prices, the day's curve, limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import QuerySet, Sum

from brokers.models import BrokerAccount
from markets import quotes
from markets.models import Instrument, Market
from portfolio.domain.limits import Exposure
from portfolio.domain.pnl import Pnl, holding_pnl, usable_mark
from portfolio.domain.positions import Holding, average_paise, lots
from portfolio.models import Book, Fill, Limit, PnlPoint, Position, Reservation
from qlplatform.core.clock import IST, wall
from qlplatform.core.tenancy import Actor, ScopedQuerySet

KINDS = ("net", "virtual")


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position valued at its mark; `mark_paise` and `unrealised_paise` are None without a price."""

    id: str
    account: str
    mode: str
    book: str
    book_name: str
    instrument: Instrument
    trading_date: date
    net_qty: int
    lots: int
    average_paise: int | None
    buy_qty: int
    buy_value_paise: int
    sell_qty: int
    sell_value_paise: int
    mark_paise: int | None
    realised_paise: int
    unrealised_paise: int | None
    charges_paise: int
    net_paise: int


def trading_day(market: Market) -> date:
    """The trading day a market is in: the recorded session of a replay, today (IST) of the live one."""
    if market.session_date is not None:
        return market.session_date
    return wall().astimezone(IST).date()


def marks_of(market: Market) -> dict[int, int]:
    """The newest prices of a market by instrument; empty while there is none or Redis is away."""
    snapshot = quotes.latest_or_none(market.pk)
    return snapshot.marks() if snapshot is not None else {}


def holding_of(position: Position) -> Holding:
    """The pure holding behind a position row."""
    return Holding(
        position.net_qty,
        position.cost_paise,
        position.buy_qty,
        position.buy_value_paise,
        position.sell_qty,
        position.sell_value_paise,
    )


def day_positions(accounts: Iterable[BrokerAccount]) -> QuerySet[Position]:
    """Positions of the accounts on the trading day of their market. Accounts need `market` loaded."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for account in accounts:
        by_day[trading_day(account.market)].append(account.pk)
    found = Position.objects.none()
    for day, ids in by_day.items():
        found |= Position.objects.filter(account_id__in=ids, trading_date=day)
    return found


def pnl_of_books(account_ids: Collection[int], marks: Mapping[int, int]) -> dict[int, Pnl]:
    """Today's P&L by book id, of every book that traded; `marks` are paise by instrument."""
    accounts = BrokerAccount.objects.filter(pk__in=account_ids).select_related("market")
    return _sum_by_book(day_positions(accounts), marks)


def _sum_by_book(positions: Iterable[Position], marks: Mapping[int, int]) -> dict[int, Pnl]:
    totals: dict[int, Pnl] = defaultdict(Pnl)
    for row in positions:
        mark = usable_mark(marks, row.instrument_id)
        totals[row.book_id] += holding_pnl(holding_of(row), row.charges_paise, mark)
    return dict(totals)


def book_pnl(market: Market, on: date, marks: Mapping[int, int]) -> dict[int, Pnl]:
    """P&L of every book of a market that traded on a day, by book id."""
    return _sum_by_book(Position.objects.filter(account__market=market, trading_date=on), marks)


def account_exposure(account_id: int, *, on: date, marks: Mapping[int, int], wanted_lots: int) -> Exposure:
    """What an account's limits look at. Before an entry, call it under the account's lock."""
    root = Position.objects.filter(
        account_id=account_id, book__kind=Book.Kind.ACCOUNT, trading_date=on
    ).select_related("instrument")
    rows = list(root)
    day = sum(_sum_by_book(rows, marks).values(), Pnl())
    held = sum(abs(lots(row.net_qty, row.instrument.lot_size)) for row in rows)
    return Exposure(day.net_paise, held + promised_lots(account_id), wanted_lots)


def promised_lots(account_id: int) -> int:
    """Lots reserved on an account by entries under way and not filled yet."""
    promises = list(Reservation.objects.filter(account_id=account_id, open=True))
    filled = _entry_lots({promise.run_ref for promise in promises})
    return sum(max(0, p.lots - filled.get((p.run_ref, str(p.cycle)), 0)) for p in promises)


def _entry_lots(run_refs: Collection[str]) -> dict[tuple[str, str], int]:
    """Lots filled by entry orders, by run and cycle (a leg's reference is cycle-leg)."""
    fills = (
        Fill.objects.filter(run_ref__in=run_refs, purpose="ENTRY")
        .values("run_ref", "leg_ref", "instrument__lot_size")
        .annotate(units=Sum("qty"))
    )
    filled: dict[tuple[str, str], int] = defaultdict(int)
    for row in fills:
        cycle, _, _ = row["leg_ref"].partition("-")
        filled[row["run_ref"], cycle] += row["units"] // row["instrument__lot_size"]
    return filled


def limits_of(account_id: int) -> list[tuple[str, int]]:
    """The limits in force on an account as (kind, value)."""
    return list(
        Limit.objects.filter(account_id=account_id, enabled=True)
        .order_by("kind")
        .values_list("kind", "value")
    )


def limits(actor: Actor) -> ScopedQuerySet[Limit]:
    """The limits an actor may see, with their accounts."""
    return Limit.objects.visible_to(actor).select_related("account__market").order_by("account_id", "kind")


def accounts_today(actor: Actor, account: BrokerAccount | None = None) -> list[BrokerAccount]:
    """The account asked for, else all whose market still runs; a finished replay is asked for by name."""
    visible = BrokerAccount.objects.visible_to(actor).select_related("market")
    if account is not None:
        return list(visible.filter(pk=account.pk))
    return list(visible.exclude(market__state=Market.State.ENDED).order_by("pk"))


def positions(actor: Actor, account: BrokerAccount | None = None, kind: str = "net") -> list[PositionRow]:
    """Today's positions at the latest prices, open ones first; `net` per account, `virtual` per strategy."""
    accounts = accounts_today(actor, account)
    marks = _marks_by_market({a.market_id: a.market for a in accounts}.values())
    book_kind = Book.Kind.ACCOUNT if kind == "net" else Book.Kind.DEPLOYMENT
    rows = (
        day_positions(accounts)
        .filter(book__kind=book_kind)
        .select_related("instrument", "book", "account")
        .order_by(
            "account_id", "book_id", "instrument__expiry", "instrument__strike_paise", "instrument__kind"
        )
    )
    valued = [_row(row, usable_mark(marks[row.account.market_id], row.instrument_id)) for row in rows]
    return sorted(valued, key=lambda row: row.net_qty == 0)


def _marks_by_market(markets: Iterable[Market]) -> dict[int, dict[int, int]]:
    return {market.pk: marks_of(market) for market in markets}


def _row(position: Position, mark_paise: int | None) -> PositionRow:
    pnl = holding_pnl(holding_of(position), position.charges_paise, mark_paise)
    return PositionRow(
        id=position.public_id,
        account=position.account.public_id,
        mode=position.account.mode,
        book=position.book.public_id,
        book_name=position.book.name,
        instrument=position.instrument,
        trading_date=position.trading_date,
        net_qty=position.net_qty,
        lots=lots(position.net_qty, position.instrument.lot_size),
        average_paise=average_paise(position.net_qty, position.cost_paise),
        buy_qty=position.buy_qty,
        buy_value_paise=position.buy_value_paise,
        sell_qty=position.sell_qty,
        sell_value_paise=position.sell_value_paise,
        mark_paise=mark_paise,
        realised_paise=pnl.realised_paise,
        unrealised_paise=None if pnl.unpriced else pnl.unrealised_paise,
        charges_paise=position.charges_paise,
        net_paise=pnl.net_paise,
    )


@dataclass(frozen=True, slots=True)
class BookPnl:
    """A book and its P&L of the day."""

    book: Book
    pnl: Pnl


@dataclass(frozen=True, slots=True)
class AccountPnl:
    """An account's P&L of the day, and that of every book below it that traded."""

    account: BrokerAccount
    trading_date: date
    pnl: Pnl
    books: list[BookPnl]


def pnl_of_accounts(actor: Actor, account: BrokerAccount | None = None) -> list[AccountPnl]:
    """Today's P&L at the latest prices, of one account or of all whose market still runs."""
    return [_account_pnl(row) for row in accounts_today(actor, account)]


def _account_pnl(account: BrokerAccount) -> AccountPnl:
    by_book = pnl_of_books([account.pk], marks_of(account.market))
    books = [BookPnl(book, by_book[book.pk]) for book in Book.objects.filter(pk__in=by_book).order_by("pk")]
    below = [row for row in books if row.book.kind != Book.Kind.ACCOUNT]
    whole = next((row.pnl for row in books if row.book.kind == Book.Kind.ACCOUNT), Pnl())
    return AccountPnl(account, trading_day(account.market), whole, below)


def day_series(book: Book) -> list[tuple[datetime, int]]:
    """The day's net P&L of a book by minute, oldest first: (market time, paise)."""
    opened = datetime.combine(trading_day(book.account.market), time.min, IST).astimezone(UTC)
    points = PnlPoint.objects.filter(book=book, at__gte=opened).order_by("at")
    return [(point.at, point.net_paise) for point in points]


def day_points(book_ids: Collection[int]) -> dict[int, list[int]]:
    """The curves of several books for small pictures: net P&L in paise by book, oldest first."""
    curves: dict[int, list[int]] = defaultdict(list)
    for point in PnlPoint.objects.filter(book_id__in=book_ids).order_by("book_id", "at"):
        curves[point.book_id].append(point.net_paise)
    return dict(curves)


@dataclass(frozen=True, slots=True)
class LimitUse:
    """A limit and how much of it is used: paise for day loss, lots for open lots."""

    kind: str
    title: str
    used: int
    allowed: int

    @property
    def percent(self) -> int:
        return min(100, max(0, 100 * self.used // self.allowed))

    @property
    def is_money(self) -> bool:
        return self.kind == Limit.Kind.DAY_LOSS


def limits_used(account: BrokerAccount, marks: Mapping[int, int]) -> list[LimitUse]:
    """The limits in force on an account with what is used of them now. `account` needs `market` loaded."""
    exposure = account_exposure(account.pk, on=trading_day(account.market), marks=marks, wanted_lots=0)
    used = {Limit.Kind.DAY_LOSS: max(0, -exposure.day_net_paise), Limit.Kind.OPEN_LOTS: exposure.open_lots}
    return [
        LimitUse(kind, Limit.Kind(kind).label, used[Limit.Kind(kind)], value)
        for kind, value in limits_of(account.pk)
    ]


def root_book(market: Market) -> Book:
    """The root book of the one account of a replay, with account and market at hand."""
    book = Book.objects.select_related("account").get(account__market=market, kind=Book.Kind.ACCOUNT)
    book.account.market = market
    return book

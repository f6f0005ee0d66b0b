"""The simulated exchange of all paper accounts.

Every change is one short transaction (order, trade, reports, NOTIFY) committed before it is answered, so a
venue killed at any instant has either done a thing and can tell, or never heard of it. What it keeps in
memory is read again at start, and after any error that leaves in doubt what was committed. Like a real broker
it does not mind the same tag twice.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time

from django.db import Error as DbError
from django.db import connection, transaction

from brokers import selectors
from brokers.errors import Rejected, SessionExpired
from brokers.gateway import OrderReport, OrderRequest, OrderStatus, PositionReport, Side, TradeReport
from brokers.models import BrokerAccount, VenueOrder
from brokers.sandbox import exchange, records
from brokers.sandbox.exchange import ContractTerms, Floor, Reason
from brokers.sandbox.market_book import WORKING, MarketBook
from brokers.sandbox.records import NOTHING_SPECIAL, Execution, order_report, trade_report
from brokers.sandbox.scenarios import ORDINARY, Scenario
from markets.models import Instrument, Market
from markets.quotes import Snapshot
from markets.selectors import calendar, contract_facts
from qlplatform.core.clock import IST, wall
from qlplatform.core.errors import UserError

NO_TRADE_CAME = Reason("last_price", "No trade came before the close: filled at the last price.")
DAY_OVER = Reason("day_over", "The session ended before the order could be filled.")


class Venue:
    """Thread-safe: one thing happens at a time."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._books: dict[int, MarketBook] = {}
        self._instruments: dict[int, Instrument] = {}

    def load(self) -> None:
        """Read working orders and newest quotes of every market that has working orders."""
        with self._unit():
            for market in Market.objects.filter(
                pk__in=VenueOrder.objects.filter(status=WORKING).values("market")
            ):
                self._book(market.pk)

    # ------------------------------------------------------------ orders

    def place(self, request: OrderRequest, scenario: Scenario = ORDINARY) -> OrderReport:
        """Accept an order, fill it if it can be filled now. Raises Rejected; the order is kept as REJECTED.

        Orders of an unknown account or instrument, and malformed ones, leave no trace.
        """
        unfit = exchange.malformed(request)
        if unfit is not None:
            raise Rejected(unfit.text, code=unfit.code)
        with self._unit():
            account, book = self._account_and_book(request.account_ref)
            instrument = self._instrument(request.instrument.key)
            book.refresh()
            order = records.order_draft(
                account=account, instrument=instrument, request=request, at=book.now()
            )
            no = self._refusal(request, account, instrument, book, scenario)
            execution = _execution(order, book, book.fresh, at_most=scenario.partial_qty or order.qty)
            records.order_add(order, execution, no)
            if order.status == WORKING:
                book.working[order.pk] = order
        if no is not None:
            raise Rejected(no.text, code=no.code, broker_order_id=order.broker_order_id)
        return order_report(order)

    def cancel(self, account_ref: str, broker_order_id: str) -> OrderReport:
        """Cancel what is not filled. Raises Rejected `order_not_found`, `order_not_open` (filled, ended)."""
        with self._unit():
            account, book = self._account_and_book(account_ref)
            order = self._order(account, broker_order_id)
            working = book.working.get(order.pk)
            if working is not None:
                records.order_end(working, OrderStatus.CANCELLED, book.now())
                del book.working[order.pk]
        if working is None:
            raise Rejected(
                f"Order {broker_order_id} is {order.status}; only an open order can be cancelled.",
                code="order_not_open",
                broker_order_id=broker_order_id,
            )
        return order_report(working)

    # ------------------------------------------------------------ books

    def order_by_tag(self, account_ref: str, tag: str) -> OrderReport | None:
        """The oldest order with the tag."""
        with self._unit():
            account, _ = self._account_and_book(account_ref)
            order = selectors.venue_order_by_tag(account, tag)
        return None if order is None else order_report(order)

    def order_book(self, account_ref: str) -> list[OrderReport]:
        """The account's orders of the trading day."""
        with self._unit():
            account, book = self._account_and_book(account_ref)
            return [order_report(o) for o in selectors.venue_orders(account, _midnight(book))]

    def trade_book(self, account_ref: str) -> list[TradeReport]:
        """The account's trades of the trading day."""
        with self._unit():
            account, book = self._account_and_book(account_ref)
            return [trade_report(t) for t in selectors.venue_trades(account, _midnight(book))]

    def positions(self, account_ref: str) -> list[PositionReport]:
        """What the account holds."""
        with self._unit():
            account, _ = self._account_and_book(account_ref)
            return selectors.venue_positions(account)

    # ------------------------------------------------------------ market

    def price_event(self, snapshot: Snapshot) -> int:
        """Take the newest prices and fill every working order they allow; how many were filled.

        Old news (a smaller `seq`) is ignored, so the feed may repeat an event whose answer it did not get.
        """
        with self._lock:
            known = self._books.get(snapshot.market_id)
            if known is not None and not known.working:  # nothing to write: no transaction
                known.hear(snapshot)
                return 0
        with self._unit():
            book = self._book(snapshot.market_id)
            if not book.hear(snapshot):
                return 0
            filled = [o.pk for o in book.working.values() if _fill(o, book, book.fresh)]
            for pk in filled:
                del book.working[pk]
        return len(filled)

    def session_close(self, market_id: int) -> int:
        """End the session: fill working orders at the last price if their limit allows it, else expire them.

        Answers how many orders it ended. A replay takes no orders afterwards; for the live market the
        calendar decides.
        """
        with self._unit():
            book = self._book(market_id)
            marks, ended = book.marks(), len(book.working)
            for order in book.working.values():
                if not _fill(order, book, marks, NO_TRADE_CAME):
                    records.order_end(order, OrderStatus.EXPIRED, book.now(), DAY_OVER)
            book.working.clear()
            book.closed = book.market.is_replay
        return ended

    # ------------------------------------------------------------ inside

    @contextmanager
    def _unit(self) -> Iterator[None]:
        """One thing at a time, in one transaction; after an error memory is read again from PostgreSQL."""
        with self._lock:
            try:
                with transaction.atomic(durable=True):
                    yield
            except (Rejected, SessionExpired):
                raise
            except BaseException as error:
                self._books.clear()
                if isinstance(error, DbError):
                    connection.close()
                raise

    def _book(self, market_id: int) -> MarketBook:
        book = self._books.get(market_id)
        if book is None:
            book = self._books[market_id] = MarketBook(Market.objects.get(pk=market_id))
        return book

    def _account_and_book(self, account_ref: str) -> tuple[BrokerAccount, MarketBook]:
        account = BrokerAccount.objects.filter(public_id=account_ref, broker="paper").first()
        if account is None:
            raise Rejected(f"The exchange has no account {account_ref}.", code="unknown_account")
        if account.state == BrokerAccount.State.AUTH_REQUIRED:
            raise SessionExpired("This account has to sign in to its broker again.")
        return account, self._book(account.market_id)

    def _instrument(self, key: int) -> Instrument:
        instrument = self._instruments.get(key) or Instrument.objects.filter(pk=key).first()
        if instrument is None:
            raise Rejected(f"The exchange lists no instrument {key}.", code="unknown_instrument")
        self._instruments[key] = instrument
        return instrument

    def _order(self, account: BrokerAccount, broker_order_id: str) -> VenueOrder:
        number = broker_order_id.removeprefix("V")
        order = VenueOrder.objects.filter(account=account, pk=number).first() if number.isdecimal() else None
        if order is None:
            raise Rejected(f"There is no order {broker_order_id}.", code="order_not_found")
        return order

    def _refusal(
        self,
        request: OrderRequest,
        account: BrokerAccount,
        instrument: Instrument,
        book: MarketBook,
        scenario: Scenario,
    ) -> Reason | None:
        if scenario.refuse_code:
            return Reason(scenario.refuse_code, "Refused by the test scenario.")
        floor = Floor(
            account_open=account.state != BrokerAccount.State.CLOSED,
            market_open=_is_open(book),
            underlying=book.market.underlying if book.market.is_replay else "",
            today=book.today(),
        )
        return exchange.refusal(request, _terms(instrument, book), floor)


def _execution(
    order: VenueOrder, book: MarketBook, prices: Mapping[int, int], *, at_most: int
) -> Execution | None:
    """What `order` trades at `prices`, None when it is not quoted or its limit does not allow the price."""
    price = exchange.match(
        side=Side(order.side),
        limit_paise=order.limit_paise,
        ltp_paise=prices.get(order.instrument_id),
        slippage_paise=book.market.slippage_paise,
        tick_paise=order.instrument.tick_paise,
    )
    return None if price is None else Execution(min(order.qty - order.filled_qty, at_most), price)


def _fill(
    order: VenueOrder, book: MarketBook, prices: Mapping[int, int], why: Reason = NOTHING_SPECIAL
) -> bool:
    """Trade all that is left of a working order if `prices` allow it; tells whether it traded."""
    execution = _execution(order, book, prices, at_most=order.qty)
    if execution is not None:
        records.order_fill(order, execution, book.now(), why)
    return execution is not None


def _midnight(book: MarketBook) -> datetime:
    return datetime.combine(book.today(), time.min, tzinfo=IST)


def _is_open(book: MarketBook) -> bool:
    """A replay is open until its session was closed; the live market follows the trading calendar."""
    if book.market.is_replay:
        return not book.closed
    now = wall()
    session = calendar().session(now.astimezone(IST).date())
    return session is not None and session.contains(now)


def _terms(instrument: Instrument, book: MarketBook) -> ContractTerms:
    return ContractTerms(
        underlying=instrument.underlying,
        symbol=instrument.symbol,
        tradable=instrument.kind != Instrument.Kind.INDEX,
        expiry=instrument.expiry,
        lot_size=instrument.lot_size,
        tick_paise=instrument.tick_paise,
        freeze_qty=_freeze_qty(instrument.underlying, book),
    )


def _freeze_qty(underlying: str, book: MarketBook) -> int | None:
    """The freeze quantity of the day; None when the facts do not go back that far."""
    try:
        return contract_facts().freeze_qty(underlying, book.today())
    except UserError:
        return None

"""The ledger of fills: each trade is booked once, with its charges, into every book it concerns."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from django.db import transaction
from django.db.models import F, Sum

from brokers.models import BrokerAccount
from markets.selectors import charge_schedule
from portfolio.domain.facts import OrderFacts, TradeFacts
from portfolio.domain.segments import charge_segment
from portfolio.models import Book, Fill, Position
from portfolio.selectors import holding_of
from qlplatform.core.clock import wall
from qlplatform.core.errors import UserError

log = structlog.get_logger(__name__)


@transaction.atomic
def fill_apply(*, order: OrderFacts, trade: TradeFacts) -> Fill | None:
    """Book a trade; None when the account knows its `trade_id` already, so news may come any number of times.

    Moves the positions of the order's book and of every book above it. Charges are those of the whole order
    so far, minus what its earlier fills carry: an order with many fills is billed and rounded once. Raises
    ValueError for a trade without quantity or price. The account row is locked, so that fills of one account
    follow each other.
    """
    BrokerAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=order.account.pk)
    if _known(order, trade):
        return None
    charges_paise = _charges_due(order, trade)
    for book in _upwards(order.book_id):
        _position_move(book, order, trade, charges_paise)
    return Fill.objects.create(
        workspace_id=order.account.workspace_id,
        account_id=order.account.pk,
        book_id=order.book_id,
        instrument_id=order.instrument.pk,
        trade_id=trade.trade_id,
        side=order.side,
        qty=trade.qty,
        price_paise=trade.price_paise,
        charges_paise=charges_paise,
        at=trade.at,
        trading_date=order.trading_date,
        order_ref=order.order_ref,
        run_ref=order.run_ref,
        leg_ref=order.leg_ref,
        purpose=order.purpose,
        reason=order.reason,
        decision_price_paise=order.decision_price_paise,
    )


def _known(order: OrderFacts, trade: TradeFacts) -> bool:
    known = Fill.objects.filter(account_id=order.account.pk, trade_id=trade.trade_id).first()
    if known is not None and (known.qty, known.price_paise) != (trade.qty, trade.price_paise):
        # The ledger is never rewritten; the first report stands until reconciliation says otherwise.
        log.error("fill.contradiction", fill=known.public_id, qty=trade.qty, price_paise=trade.price_paise)
    return known is not None


def _charges_due(order: OrderFacts, trade: TradeFacts) -> int:
    """Charges of the order with this trade, less what its earlier fills carry."""
    earlier = Fill.objects.filter(account_id=order.account.pk, order_ref=order.order_ref).aggregate(
        turnover=Sum(F("qty") * F("price_paise"), default=0), charges=Sum("charges_paise", default=0)
    )
    turnover_paise = int(earlier["turnover"]) + trade.qty * trade.price_paise
    try:
        charges = charge_schedule().for_order(
            segment=charge_segment(order.instrument.kind),
            exchange=order.instrument.exchange,
            broker=order.account.brokerage_plan,
            side=order.side,
            turnover_paise=turnover_paise,
            on=order.trading_date,
            underlying=order.instrument.underlying,
        )
    except UserError as missing:
        # A missing rate must not keep a trade out of the ledger: a run deaf to its fill could not exit.
        log.error("charges.unknown", order=order.order_ref, problem=missing.message)
        return 0
    return charges.total_paise - int(earlier["charges"])


def _upwards(book_id: int) -> Iterator[Book]:
    """The book and those above it, up to the account's root."""
    book: Book | None = Book.objects.select_related("parent__parent").get(pk=book_id)
    while book is not None:
        yield book
        book = book.parent


def _position_move(book: Book, order: OrderFacts, trade: TradeFacts, charges_paise: int) -> None:
    """Apply the trade to one book's position. The account's lock keeps others away."""
    key = {"book": book, "instrument_id": order.instrument.pk, "trading_date": order.trading_date}
    position = Position.objects.filter(**key).first() or Position(
        workspace_id=book.workspace_id, account_id=book.account_id, **key
    )
    after = holding_of(position).after(order.side, trade.qty, trade.price_paise)
    position.net_qty, position.cost_paise = after.net_qty, after.cost_paise
    position.buy_qty, position.buy_value_paise = after.buy_qty, after.buy_value_paise
    position.sell_qty, position.sell_value_paise = after.sell_qty, after.sell_value_paise
    position.realised_paise = after.realised_paise
    position.charges_paise += charges_paise
    position.updated_at = wall()
    position.save()

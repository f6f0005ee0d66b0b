from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from brokers.models import BrokerAccount
from markets import quotes
from markets.models import Market
from portfolio.domain.pnl import Pnl
from portfolio.models import Book, PnlPoint
from portfolio.selectors import day_points, day_series, limits_used, pnl_of_books, positions
from portfolio.services import fill_apply, limits_seed, pnl_record, reserve
from tests.factories import ledger


def price(market: Market, prices: dict[int, int]) -> None:
    """Publish a snapshot with these prices."""
    keys = np.array(list(prices), dtype=np.int64)
    ltp = np.array(list(prices.values()), dtype=np.int32)
    stamp = np.ones(len(prices), dtype=np.int64)
    quotes.store(quotes.Snapshot(market.pk, 1, ledger.AT, {}, keys, ltp, stamp))


@pytest.fixture
def sold(account: BrokerAccount, book: Book) -> int:
    """50 units of the 16400 CE sold at 120; returns the charges."""
    fill = fill_apply(order=ledger.order(account, book), trade=ledger.trade(50, 120_00))
    assert fill is not None
    return fill.charges_paise


def test_pnl_of_every_book_at_the_marks(account: BrokerAccount, book: Book, sold: int) -> None:
    expected = Pnl(0, 50 * 20_00, sold)

    found = pnl_of_books([account.pk], {ledger.option().pk: 100_00})

    assert found == {book.pk: expected, book.parent_id: expected}
    assert found[book.pk].net_paise == 1_000_00 - sold


def test_pnl_of_an_account_that_did_not_trade_is_empty(account: BrokerAccount) -> None:
    assert pnl_of_books([account.pk], {}) == {}


def test_net_and_virtual_positions_are_valued_at_the_latest_quotes(
    account: BrokerAccount, book: Book, sold: int
) -> None:
    other = ledger.book(account, "Other")
    fill_apply(order=ledger.order(account, other, side="BUY"), trade=ledger.trade(150, 110_00))
    price(account.market, {ledger.option().pk: 100_00})
    actor = ledger.actor(account.workspace)

    net = positions(actor, account)
    virtual = positions(actor, account, "virtual")

    assert [(row.net_qty, row.lots, row.mark_paise) for row in net] == [(100, 2, 100_00)]
    assert [(row.book_name, row.net_qty, row.average_paise, row.unrealised_paise) for row in virtual] == [
        ("Straddle", -50, 120_00, 1_000_00),
        ("Other", 150, 110_00, -1_500_00),
    ]
    assert net[0].net_paise == sum(row.net_paise for row in virtual)


def test_without_a_price_the_gain_is_unknown_not_zero(account: BrokerAccount, sold: int) -> None:
    row = positions(ledger.actor(account.workspace), account)[0]

    assert (row.mark_paise, row.unrealised_paise) == (None, None)
    assert row.net_paise == -sold


def test_closed_positions_come_after_open_ones(account: BrokerAccount, book: Book, sold: int) -> None:
    fill_apply(order=ledger.order(account, book, side="BUY"), trade=ledger.trade(50, 130_00))
    put = ledger.option(16_500, "PE")
    fill_apply(order=ledger.order(account, book, instrument=put), trade=ledger.trade(50, 90_00))

    rows = positions(ledger.actor(account.workspace), account)

    assert [(row.instrument.symbol, row.net_qty, row.realised_paise) for row in rows] == [
        (put.symbol, -50, 0),
        (ledger.option().symbol, 0, -500_00),
    ]


def test_positions_of_others_do_not_exist(account: BrokerAccount, sold: int) -> None:
    stranger = ledger.actor(ledger.workspace())

    assert positions(stranger) == []
    assert positions(stranger, account) == []


def test_a_finished_replay_is_shown_only_when_asked_for(account: BrokerAccount, sold: int) -> None:
    Market.objects.filter(pk=account.market_id).update(state=Market.State.ENDED)
    actor = ledger.actor(account.workspace)

    assert positions(actor) == []
    assert len(positions(actor, account)) == 1


def test_listing_positions_takes_a_fixed_number_of_queries(
    account: BrokerAccount, book: Book, django_assert_num_queries: object
) -> None:
    for strike in (16_300, 16_400, 16_500):
        fill_apply(order=ledger.order(account, book, instrument=ledger.option(strike)), trade=ledger.trade())

    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(positions(ledger.actor(account.workspace), account, "virtual")) == 3


def test_the_curve_keeps_one_point_a_book_and_minute(account: BrokerAccount, book: Book, sold: int) -> None:
    marks = {ledger.option().pk: 100_00}

    assert pnl_record(market=account.market, at=ledger.AT, marks=marks) == 2
    assert pnl_record(market=account.market, at=ledger.AT + timedelta(seconds=40), marks={}) == 2
    pnl_record(market=account.market, at=ledger.AT + timedelta(minutes=1), marks={ledger.option().pk: 130_00})

    assert PnlPoint.objects.count() == 4
    assert day_series(book) == [
        (ledger.AT, 1_000_00 - sold),
        (ledger.AT + timedelta(minutes=1), -500_00 - sold),
    ]


def test_small_curves_come_for_several_books_at_once(account: BrokerAccount, book: Book, sold: int) -> None:
    for minute, mark_paise in enumerate((100_00, 130_00)):
        at = ledger.AT + timedelta(minutes=minute)
        pnl_record(market=account.market, at=at, marks={ledger.option().pk: mark_paise})

    assert day_points([book.pk]) == {book.pk: [1_000_00 - sold, -500_00 - sold]}


def test_use_of_limits_counts_loss_and_promised_lots(account: BrokerAccount, book: Book, sold: int) -> None:
    limits_seed(account)
    marks = {ledger.option().pk: 130_00}
    reserve(account=account, run_ref="run_a", cycle=1, lots=9, at=ledger.AT, marks=marks)

    used = {use.kind: (use.used, use.allowed, use.percent) for use in limits_used(account, marks)}

    assert used == {"day_loss": (500_00 + sold, 25_000_00, 2), "open_lots": (10, 40, 25)}


def test_the_curve_of_another_market_is_untouched(account: BrokerAccount, sold: int) -> None:
    assert pnl_record(market=ledger.account().market, at=ledger.AT, marks={}) == 0
    assert not PnlPoint.objects.exists()

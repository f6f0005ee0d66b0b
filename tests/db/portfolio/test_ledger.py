from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brokers.models import BrokerAccount
from markets.models import ChargeRate
from markets.selectors import charge_schedule, reload_facts
from portfolio.models import Book, Fill, Position
from portfolio.services import fill_apply
from tests.factories import ledger


def charges_paise(side: str, turnover_paise: int) -> int:
    return (
        charge_schedule()
        .for_order(
            segment="INDEX_OPT",
            exchange="NSE",
            broker="zerodha",
            side=side,
            turnover_paise=turnover_paise,
            on=ledger.DAY,
        )
        .total_paise
    )


def test_fill_moves_the_book_and_every_book_above(account: BrokerAccount, book: Book) -> None:
    fill_apply(order=ledger.order(account, book), trade=ledger.trade(50, 120_00))

    positions = list(Position.objects.order_by("book__kind"))
    assert [p.book.kind for p in positions] == ["account", "deployment"]
    for position in positions:
        assert (position.net_qty, position.cost_paise, position.sell_qty) == (-50, -50 * 120_00, 50)
        assert position.charges_paise == charges_paise("SELL", 50 * 120_00)
        assert position.workspace_id == account.workspace_id


def test_basket_book_between_deployment_and_account_moves_too(account: BrokerAccount) -> None:
    root = ledger.book(account).parent
    basket = Book.objects.create(
        workspace=account.workspace, account=account, kind=Book.Kind.BASKET, parent=root, name="Basket"
    )
    fill_apply(order=ledger.order(account, ledger.book(account, parent=basket)), trade=ledger.trade(50))

    assert sorted(Position.objects.values_list("book__kind", "net_qty")) == [
        ("account", -50),
        ("basket", -50),
        ("deployment", -50),
    ]


def test_two_strategies_net_in_the_account_and_stay_apart_below(account: BrokerAccount, book: Book) -> None:
    other = ledger.book(account, "Other")
    fill_apply(order=ledger.order(account, book, side="SELL"), trade=ledger.trade(50, 120_00))
    fill_apply(order=ledger.order(account, other, side="BUY"), trade=ledger.trade(50, 100_00))

    held = {p.book_id: (p.net_qty, p.realised_paise) for p in Position.objects.all()}
    assert held == {book.parent_id: (0, 50 * 20_00), book.pk: (-50, 0), other.pk: (50, 0)}


def test_the_same_trade_is_booked_once(account: BrokerAccount, book: Book) -> None:
    order, trade = ledger.order(account, book), ledger.trade(50)

    first = fill_apply(order=order, trade=trade)

    assert first is not None
    assert fill_apply(order=order, trade=trade) is None
    assert Fill.objects.count() == 1
    assert Position.objects.get(book=book).net_qty == -50


def test_a_trade_reported_again_with_other_numbers_changes_nothing(
    account: BrokerAccount, book: Book
) -> None:
    order = ledger.order(account, book)
    fill_apply(order=order, trade=ledger.trade(50, 120_00, "T"))

    assert fill_apply(order=order, trade=ledger.trade(50, 119_00, "T")) is None
    assert Fill.objects.get().price_paise == 120_00


def test_two_accounts_may_use_the_same_trade_id(account: BrokerAccount, book: Book) -> None:
    other = ledger.account()
    fill_apply(order=ledger.order(account, book), trade=ledger.trade(50, 120_00, "T"))

    assert fill_apply(order=ledger.order(other, ledger.book(other)), trade=ledger.trade(50, 120_00, "T"))


def test_fill_keeps_what_attribution_needs(account: BrokerAccount, book: Book) -> None:
    order = ledger.order(
        account, book, run_ref="run_1", purpose="EXIT", reason="LEG_SL", decision_price_paise=119_00
    )
    fill = fill_apply(order=order, trade=ledger.trade(50, 120_00))

    assert fill is not None
    stored = Fill.objects.get(pk=fill.pk)
    assert (stored.run_ref, stored.leg_ref, stored.purpose, stored.reason) == (
        "run_1",
        "1-L1",
        "EXIT",
        "LEG_SL",
    )
    assert (stored.decision_price_paise, stored.at, stored.trading_date) == (119_00, ledger.AT, ledger.DAY)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 900), st.integers(5, 50_000)), min_size=1, max_size=5))
def test_an_order_is_billed_once_however_it_fills(
    account: BrokerAccount, book: Book, fills: list[tuple[int, int]]
) -> None:
    order = ledger.order(account, book)
    for qty, price_paise in fills:
        fill_apply(order=order, trade=ledger.trade(qty, price_paise))

    posted = Fill.objects.filter(order_ref=order.order_ref).values_list("charges_paise", flat=True)
    assert sum(posted) == charges_paise("SELL", sum(qty * price for qty, price in fills))
    assert all(charge >= 0 for charge in posted)


def test_a_missing_rate_does_not_keep_a_trade_out_of_the_ledger(account: BrokerAccount, book: Book) -> None:
    ChargeRate.objects.filter(item="STT").delete()
    reload_facts()

    fill = fill_apply(order=ledger.order(account, book), trade=ledger.trade(50))

    assert fill is not None
    assert fill.charges_paise == 0
    assert Position.objects.get(book=book).net_qty == -50
    reload_facts()


def test_a_trade_without_quantity_leaves_the_ledger_as_it_was(account: BrokerAccount, book: Book) -> None:
    with pytest.raises(ValueError, match="Not a trade"):
        fill_apply(order=ledger.order(account, book), trade=ledger.trade(0))

    assert not Fill.objects.exists()
    assert not Position.objects.exists()

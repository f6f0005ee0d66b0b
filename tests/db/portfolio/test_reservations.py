from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from brokers.models import BrokerAccount
from markets.seeding import seed_markets
from portfolio.domain.limits import RULES
from portfolio.models import Book, Limit, Reservation
from portfolio.services import LimitBreached, fill_apply, limits_seed, reservation_release, reserve
from tests.factories import ledger


def ask(
    account: BrokerAccount, lots: int, run_ref: str = "run_a", marks: dict[int, int] | None = None
) -> Reservation:
    return reserve(account=account, run_ref=run_ref, cycle=1, lots=lots, at=ledger.AT, marks=marks or {})


@pytest.fixture
def limited(account: BrokerAccount) -> BrokerAccount:
    limits_seed(account)
    return account


def test_every_kind_of_limit_has_its_rule() -> None:
    assert set(RULES) == set(Limit.Kind.values)


def test_promises_of_others_count(limited: BrokerAccount) -> None:
    ask(limited, 30, "run_a")

    with pytest.raises(
        LimitBreached, match=r"Open lots would be 41 of 40 allowed \(30 open or on the way, 11 wanted\)"
    ):
        ask(limited, 11, "run_b")

    assert Reservation.objects.count() == 1
    assert ask(limited, 10, "run_b").open


def test_asking_again_is_answered_with_the_same_promise(limited: BrokerAccount) -> None:
    assert ask(limited, 40).pk == ask(limited, 40).pk


def test_released_lots_are_free_again(limited: BrokerAccount) -> None:
    ask(limited, 40, "run_a")

    assert reservation_release(run_ref="run_a", cycle=2) == 0
    assert reservation_release(run_ref="run_a") == 1
    assert ask(limited, 40, "run_b").open


def test_a_released_promise_asked_for_again_is_checked_again(limited: BrokerAccount) -> None:
    ask(limited, 40, "run_a")
    reservation_release(run_ref="run_a")
    ask(limited, 40, "run_b")

    with pytest.raises(LimitBreached):
        ask(limited, 40, "run_a")


def test_lots_filled_count_once_not_as_promise_too(limited: BrokerAccount, book: Book) -> None:
    ask(limited, 20, "run_a")
    fill_apply(order=ledger.order(limited, book, run_ref="run_a"), trade=ledger.trade(50 * 12))

    assert ask(limited, 20, "run_b").open
    with pytest.raises(LimitBreached):
        ask(limited, 1, "run_c")


def test_long_and_short_lots_both_count(limited: BrokerAccount, book: Book) -> None:
    fill_apply(order=ledger.order(limited, book, side="SELL"), trade=ledger.trade(50 * 20))
    put = ledger.option(16_000, "PE")
    fill_apply(
        order=ledger.order(limited, book, side="BUY", instrument=put), trade=ledger.trade(50 * 20, 5_00)
    )

    with pytest.raises(LimitBreached, match="41 of 40"):
        ask(limited, 1)


def test_open_loss_at_the_marks_counts_with_charges(limited: BrokerAccount, book: Book) -> None:
    fill = fill_apply(order=ledger.order(limited, book), trade=ledger.trade(500, 100_00))
    assert fill is not None
    room_paise = 25_000_00 - fill.charges_paise
    just_lost = 100_00 + -(-room_paise // 500)

    with pytest.raises(LimitBreached, match="Day loss is −₹25,"):
        ask(limited, 1, marks={ledger.option().pk: just_lost})
    assert ask(limited, 1, marks={ledger.option().pk: just_lost - 1}).open


def test_all_breaches_are_told_together(limited: BrokerAccount, book: Book) -> None:
    fill_apply(order=ledger.order(limited, book), trade=ledger.trade(500, 100_00))

    with pytest.raises(LimitBreached) as refusal:
        ask(limited, 40, marks={ledger.option().pk: 200_00})

    assert [text.split(" ")[0] for text in refusal.value.breaches] == ["Day", "Open"]


def test_a_disabled_limit_blocks_nothing(limited: BrokerAccount) -> None:
    Limit.objects.filter(account=limited, kind="open_lots").update(enabled=False)

    assert ask(limited, 1000).open


@pytest.mark.django_db(transaction=True)
def test_two_racing_entries_cannot_both_pass() -> None:
    seed_markets()
    account = ledger.account()
    limits_seed(account)
    ready = Barrier(2)

    def enter(run_ref: str) -> bool:
        try:
            ready.wait(timeout=10)
            return ask(account, 30, run_ref).open
        except LimitBreached:
            return False
        finally:
            connection.close()

    for attempt in range(5):
        Reservation.objects.all().delete()
        with ThreadPoolExecutor(2) as threads:
            passed = list(threads.map(enter, [f"run_a{attempt}", f"run_b{attempt}"]))
        assert sorted(passed) == [False, True]
        assert Reservation.objects.get().lots == 30


@pytest.mark.django_db(transaction=True)
def test_racing_fills_of_one_order_are_billed_once() -> None:
    seed_markets()
    account = ledger.account()
    book = ledger.book(account)
    order = ledger.order(account, book)
    trades = [ledger.trade(50, 120_00) for _ in range(8)]

    def apply(trade: object) -> int:
        try:
            fill = fill_apply(order=order, trade=trade)  # type: ignore[arg-type]
            return fill.charges_paise if fill else 0
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        posted = sum(threads.map(apply, trades + trades))

    position = book.positions.get()
    assert (position.net_qty, position.charges_paise) == (-400, posted)
    other = ledger.order(account, book)
    whole = fill_apply(order=other, trade=ledger.trade(400, 120_00))
    assert whole is not None
    assert whole.charges_paise == posted

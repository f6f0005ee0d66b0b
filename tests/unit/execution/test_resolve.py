"""An order is proven absent by complete reads late enough, never by an error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from brokers.errors import NotSent
from brokers.gateway import Capabilities, OrderReport, OrderStatus, Side
from execution.drain.resolve import Doubts, resolve
from execution.models import Order
from qlplatform.core.clock import frozen

SENT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CAPS = Capabilities(broker="fake", send_timeout_s=2.0, settle_s=5.0, read_gap_s=2.0, reads=2)


class Book:
    """A broker of whom only the order book is asked; each read shows the next of `pages`."""

    caps = CAPS

    def __init__(self, *pages: Sequence[OrderReport] | NotSent) -> None:
        self.pages = list(pages)

    async def order_book(self) -> Sequence[OrderReport]:
        page = self.pages.pop(0)
        if isinstance(page, NotSent):
            raise page
        return page


class Waits(list[float]):
    """Notes how long was waited instead of waiting."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    noted = Waits()
    monkeypatch.setattr("execution.drain.resolve.asyncio.sleep", noted)
    return noted


def order(state: str = "UNKNOWN") -> Order:
    return Order(pk=1, tag="Q1", state=state, sent_at=SENT)


def shown(tag: str) -> OrderReport:
    return OrderReport("V9", tag, 1, Side.SELL, 50, 5, OrderStatus.OPEN, 0, SENT)


async def test_what_the_book_shows_was_accepted(waits: Waits) -> None:
    outcome = await resolve(Book([shown("Q0"), shown("Q1")]), order())  # type: ignore[arg-type]

    assert outcome is not None
    assert (outcome.state, outcome.broker_order_id) == ("ACCEPTED", "V9")


async def test_a_tag_that_shows_in_the_second_read_only_was_accepted(waits: Waits) -> None:
    outcome = await resolve(Book([], [shown("Q1")]), order())  # type: ignore[arg-type]

    assert outcome is not None
    assert outcome.state == "ACCEPTED"


async def test_absence_takes_every_read(waits: Waits) -> None:
    book = Book([], [shown("Q0")], [shown("Q1")])

    outcome = await resolve(book, order())  # type: ignore[arg-type]

    assert outcome is not None
    assert outcome.state == "NEW"
    assert len(book.pages) == 1  # two of three were read
    assert waits[1:] == [CAPS.read_gap_s]


async def test_a_failed_read_proves_nothing(waits: Waits) -> None:
    assert await resolve(Book([], NotSent("away")), order()) is None  # type: ignore[arg-type]


async def test_the_first_read_waits_for_time_out_and_settling_since_the_send(waits: Waits) -> None:
    with frozen(SENT + timedelta(seconds=3)):
        await resolve(Book([], []), order())  # type: ignore[arg-type]

    assert waits[0] == pytest.approx(4.0)


async def test_nothing_is_waited_for_when_that_time_is_over(waits: Waits) -> None:
    with frozen(SENT + timedelta(seconds=60)):
        await resolve(Book([], []), order())  # type: ignore[arg-type]

    assert waits[0] == 0.0


async def test_what_a_lost_owner_left_may_have_been_sent_a_moment_ago(waits: Waits) -> None:
    with frozen(SENT + timedelta(seconds=60)):
        await resolve(Book([], []), order("SENDING"))  # type: ignore[arg-type]

    assert waits[0] == CAPS.send_timeout_s + CAPS.settle_s


def test_an_order_is_looked_up_once_at_a_time() -> None:
    doubts, one = Doubts(), order()

    assert (doubts.new([one]), doubts.new([one])) == ([one], [])
    doubts.done(one)
    assert doubts.new([one]) == [one]

"""What every broker gateway has to do: numbered cases, each for every exchange under test."""

from __future__ import annotations

from collections import Counter

import pytest

from brokers.errors import NotSent, OutcomeUnknown, Rejected, SessionExpired, Throttled
from brokers.gateway import BrokerRef, OrderReport, OrderStatus, PositionReport, Side
from tests.contract.brokers.exchanges import PaperExchange
from tests.factories.stage import LOT, option, ref_of

FOREVER_S = 60.0


def book(exchange: PaperExchange) -> list[OrderReport]:
    return list(exchange.run(exchange.gateway().order_book()))


def place(exchange: PaperExchange, **changes: object) -> BrokerRef:
    return exchange.run(exchange.gateway().place(exchange.order(**changes)))


class TestPlacing:
    def test_bc01_an_order_fills_at_the_price_of_the_newest_event(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        ref = place(exchange)
        (order,) = book(exchange)
        assert (order.broker_order_id, order.status, order.filled_qty) == (
            ref.broker_order_id,
            OrderStatus.FILLED,
            LOT,
        )
        assert order.exchange_time == exchange.stage.now

    def test_bc02_an_order_without_a_price_waits_for_one(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.put: 9_000})
        place(exchange)
        assert [o.status for o in book(exchange)] == [OrderStatus.OPEN]
        assert exchange.prices({exchange.stage.call: 10_000}) == 1
        assert [o.status for o in book(exchange)] == [OrderStatus.FILLED]

    def test_bc03_an_old_price_fills_nothing(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        exchange.prices({exchange.stage.put: 9_000})
        place(exchange)
        assert [o.status for o in book(exchange)] == [OrderStatus.OPEN]

    def test_bc04_a_limit_away_from_the_price_waits_until_it_is_allowed(
        self, exchange: PaperExchange
    ) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        place(exchange, limit_paise=9_505)
        assert exchange.prices({exchange.stage.call: 9_505}) == 0
        assert exchange.prices({exchange.stage.call: 9_500}) == 1
        (trade,) = exchange.run(exchange.gateway().trade_book())
        assert trade.price_paise == 9_505

    def test_bc05_a_partial_fill_is_told_and_the_rest_fills_later(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        exchange.next_order(partial_qty=LOT)
        place(exchange, qty=2 * LOT)
        assert [(o.status, o.filled_qty) for o in book(exchange)] == [(OrderStatus.PARTIAL, LOT)]
        exchange.prices({exchange.stage.call: 10_100})
        assert [(o.status, o.filled_qty) for o in book(exchange)] == [(OrderStatus.FILLED, 2 * LOT)]
        trades = exchange.run(exchange.gateway().trade_book())
        assert [(t.qty, t.price_paise) for t in trades] == [(LOT, 10_005), (LOT, 10_105)]

    def test_bc06_the_same_tag_sent_twice_shows_twice(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        first, second = place(exchange), place(exchange)
        assert first != second
        assert [o.tag for o in book(exchange)] == ["r1-L1-E-1", "r1-L1-E-1"]
        found = exchange.run(exchange.gateway().order_by_tag("r1-L1-E-1"))
        assert found is not None
        assert found.broker_order_id == first.broker_order_id

    def test_bc07_a_sale_gets_less_than_the_price_by_the_slippage(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        place(exchange, side=Side.SELL)
        (trade,) = exchange.run(exchange.gateway().trade_book())
        assert (trade.side, trade.qty, trade.price_paise) == (Side.SELL, LOT, 9_995)


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [({"qty": LOT + 1}, "lot_multiple"), ({"limit_paise": 10_001}, "off_tick")],
    )
    def test_bc10_a_refused_order_is_rejected_and_kept(
        self, exchange: PaperExchange, changes: dict[str, int], code: str
    ) -> None:
        with pytest.raises(Rejected) as caught:
            place(exchange, **changes)
        (order,) = book(exchange)
        assert (caught.value.code, caught.value.broker_order_id) == (code, order.broker_order_id)
        assert (order.status, order.reason_code, order.filled_qty) == (OrderStatus.REJECTED, code, 0)

    @pytest.mark.parametrize(
        ("changes", "code"), [({"tag": "x" * 21}, "bad_tag"), ({"qty": 0}, "bad_quantity")]
    )
    def test_bc11_a_malformed_order_leaves_no_trace(
        self, exchange: PaperExchange, changes: dict[str, object], code: str
    ) -> None:
        with pytest.raises(Rejected) as caught:
            place(exchange, **changes)
        assert caught.value.code == code
        assert book(exchange) == []

    def test_bc12_an_instrument_of_another_market_is_refused(self, exchange: PaperExchange) -> None:
        other = option(33_000, underlying="BANKNIFTY")
        with pytest.raises(Rejected) as caught:
            place(exchange, instrument=ref_of(other))
        assert caught.value.code == "wrong_market"

    def test_bc13_a_closed_account_is_refused(self, exchange: PaperExchange) -> None:
        exchange.stage.account.state = "closed"
        exchange.stage.account.save()
        with pytest.raises(Rejected) as caught:
            place(exchange)
        assert caught.value.code == "account_closed"

    def test_bc14_an_account_that_must_sign_in_is_told_so(self, exchange: PaperExchange) -> None:
        exchange.stage.account.state = "auth_required"
        exchange.stage.account.save()
        with pytest.raises(SessionExpired):
            place(exchange)

    def test_bc15_a_throttled_order_is_not_registered(self, exchange: PaperExchange) -> None:
        exchange.next_order(throttled=True)
        with pytest.raises(Throttled):
            place(exchange)
        assert book(exchange) == []

    def test_bc16_the_brokers_own_reason_arrives(self, exchange: PaperExchange) -> None:
        exchange.next_order(refuse_code="margin_short")
        with pytest.raises(Rejected) as caught:
            place(exchange)
        assert caught.value.code == "margin_short"

    def test_bc17_nothing_is_taken_after_the_close(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        exchange.end_session()
        with pytest.raises(Rejected) as caught:
            place(exchange)
        assert caught.value.code == "market_closed"


class TestCancelling:
    def test_bc20_an_open_order_is_cancelled_and_never_fills(self, exchange: PaperExchange) -> None:
        ref = place(exchange)
        exchange.run(exchange.gateway().cancel(ref))
        assert exchange.prices({exchange.stage.call: 10_000}) == 0
        assert [(o.status, o.filled_qty) for o in book(exchange)] == [(OrderStatus.CANCELLED, 0)]

    def test_bc21_a_cancelled_order_keeps_its_fills(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        exchange.next_order(partial_qty=LOT)
        ref = place(exchange, qty=2 * LOT)
        exchange.run(exchange.gateway().cancel(ref))
        assert [(o.status, o.filled_qty) for o in book(exchange)] == [(OrderStatus.CANCELLED, LOT)]

    def test_bc22_a_filled_order_cannot_be_cancelled(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        ref = place(exchange)
        with pytest.raises(Rejected) as caught:
            exchange.run(exchange.gateway().cancel(ref))
        assert caught.value.code == "order_not_open"
        assert [o.status for o in book(exchange)] == [OrderStatus.FILLED]

    @pytest.mark.parametrize("order_id", ["V999999", "nonsense", "V99999999999999999999"])
    def test_bc23_an_order_that_never_was_cannot_be_cancelled(
        self, exchange: PaperExchange, order_id: str
    ) -> None:
        with pytest.raises(Rejected) as caught:
            exchange.run(exchange.gateway().cancel(BrokerRef(order_id)))
        assert caught.value.code == "order_not_found"

    def test_bc24_nobody_cancels_the_order_of_another_account(self, exchange: PaperExchange) -> None:
        ref = place(exchange)
        other = exchange.gateway(exchange.stage.account_open("Two"))
        with pytest.raises(Rejected) as caught:
            exchange.run(other.cancel(ref))
        assert caught.value.code == "order_not_found"
        assert [o.status for o in book(exchange)] == [OrderStatus.OPEN]


class TestDoubt:
    def test_bc30_accepted_but_not_answered_is_unknown_and_found_by_tag(
        self, quick: None, exchange: PaperExchange
    ) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        exchange.next_order(hold_s=FOREVER_S)
        with pytest.raises(OutcomeUnknown):
            place(exchange)
        found = exchange.run(exchange.gateway().order_by_tag("r1-L1-E-1"))
        assert found is not None
        assert found.status is OrderStatus.FILLED

    def test_bc31_lost_on_the_way_is_unknown_and_absent(self, quick: None, exchange: PaperExchange) -> None:
        exchange.next_order(lost=True, hold_s=FOREVER_S)
        with pytest.raises(OutcomeUnknown):
            place(exchange)
        assert exchange.run(exchange.gateway().order_by_tag("r1-L1-E-1")) is None
        assert book(exchange) == []

    def test_bc32_an_unused_tag_is_found_nowhere(self, exchange: PaperExchange) -> None:
        place(exchange)
        assert exchange.run(exchange.gateway().order_by_tag("other")) is None

    def test_bc33_with_the_exchange_down_nothing_is_sent(self, exchange: PaperExchange) -> None:
        if not exchange.can_be_unreachable:
            pytest.skip("there is no connection that could fail to open")
        exchange.stop()
        with pytest.raises(NotSent):
            place(exchange)
        with pytest.raises(NotSent):
            book(exchange)
        exchange.start()
        assert book(exchange) == []


class TestBooks:
    def test_bc40_trades_name_their_order(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000, exchange.stage.put: 9_000})
        ref = place(exchange, instrument=ref_of(exchange.stage.put), tag="r1-L2-E-1")
        (trade,) = exchange.run(exchange.gateway().trade_book())
        assert (trade.broker_order_id, trade.tag) == (ref.broker_order_id, "r1-L2-E-1")
        assert (trade.instrument_key, trade.side) == (exchange.stage.put.pk, Side.BUY)
        assert (trade.qty, trade.price_paise) == (LOT, 9_005)
        assert trade.exchange_time == exchange.stage.now

    def test_bc41_positions_are_net_of_all_trades(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000, exchange.stage.put: 9_000})
        place(exchange, side=Side.SELL, qty=2 * LOT, tag="a")
        place(exchange, side=Side.BUY, qty=LOT, tag="b")
        positions = exchange.run(exchange.gateway().positions())
        assert positions == [
            PositionReport(exchange.stage.call.pk, LOT, LOT * 10_005, 2 * LOT, 2 * LOT * 9_995)
        ]
        assert positions[0].net_qty == -LOT

    def test_bc42_books_show_one_account_only(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        place(exchange)
        other = exchange.gateway(exchange.stage.account_open("Two"))
        assert exchange.run(other.order_book()) == []
        assert exchange.run(other.trade_book()) == []
        assert exchange.run(other.positions()) == []
        assert exchange.run(other.order_by_tag("r1-L1-E-1")) is None

    def test_bc43_the_order_book_is_complete_and_in_order(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        tags = [f"t{n}" for n in range(12)]
        refs = [place(exchange, tag=tag).broker_order_id for tag in tags]
        assert [(o.tag, o.broker_order_id) for o in book(exchange)] == list(zip(tags, refs, strict=True))

    def test_bc44_a_closed_gateway_opens_again(self, exchange: PaperExchange) -> None:
        gateway = exchange.gateway()
        exchange.run(gateway.place(exchange.order()))
        exchange.run(gateway.close())
        assert [o.tag for o in exchange.run(gateway.order_book())] == ["r1-L1-E-1"]


class TestSession:
    def test_bc50_working_orders_end_with_the_session(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        exchange.prices({exchange.stage.put: 9_000})
        place(exchange, tag="last-price")
        place(exchange, tag="limit", limit_paise=9_000)
        assert exchange.end_session() == 2
        assert {o.tag: (o.status, o.reason_code) for o in book(exchange)} == {
            "last-price": (OrderStatus.FILLED, "last_price"),
            "limit": (OrderStatus.EXPIRED, "day_over"),
        }

    def test_bc51_ending_a_session_twice_changes_nothing(self, exchange: PaperExchange) -> None:
        place(exchange)
        assert exchange.end_session() == 1
        assert exchange.end_session() == 0
        assert Counter(o.status for o in book(exchange)) == {OrderStatus.EXPIRED: 1}


class TestRestart:
    def test_bc60_working_orders_survive(self, exchange: PaperExchange) -> None:
        place(exchange)
        exchange.restart()
        assert exchange.prices({exchange.stage.call: 10_000}) == 1
        assert [o.status for o in book(exchange)] == [OrderStatus.FILLED]

    def test_bc61_partial_fills_survive(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        exchange.next_order(partial_qty=LOT)
        place(exchange, qty=2 * LOT)
        exchange.restart()
        assert [(o.status, o.filled_qty) for o in book(exchange)] == [(OrderStatus.PARTIAL, LOT)]
        exchange.prices({exchange.stage.call: 10_000})
        assert [t.qty for t in exchange.run(exchange.gateway().trade_book())] == [LOT, LOT]

    def test_bc62_prices_survive(self, exchange: PaperExchange) -> None:
        exchange.prices({exchange.stage.call: 10_000})
        exchange.restart()
        place(exchange)
        assert [o.status for o in book(exchange)] == [OrderStatus.FILLED]

    def test_bc63_an_event_told_again_fills_nothing_twice(self, exchange: PaperExchange) -> None:
        place(exchange)
        snapshot = exchange.stage.next_snapshot({exchange.stage.call: 10_000})
        assert exchange.feed.price_event(snapshot) == 1
        exchange.restart()
        assert exchange.feed.price_event(snapshot) == 0
        assert len(exchange.run(exchange.gateway().trade_book())) == 1

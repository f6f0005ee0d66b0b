"""Charges against the worked examples (rates of November 2026) and the rates of June 2022."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.charges import Charges
from qlplatform.core.errors import UserError
from tests.unit.markets.facts import charges

NOV_2026 = date(2026, 11, 25)
JUNE_2022 = date(2022, 6, 8)


@dataclass(frozen=True)
class Order:
    """An order of one fill."""

    side: str
    qty: int
    rupees: int
    segment: str = "INDEX_OPT"
    exchange: str = "NSE"

    def charges(self, on: date = NOV_2026, broker: str = "zerodha") -> Charges:
        return charges().for_order(
            segment=self.segment,
            exchange=self.exchange,
            broker=broker,
            side=self.side,
            turnover_paise=self.qty * self.rupees * 100,
            on=on,
        )


def test_example_a_component_by_component() -> None:
    assert Order("SELL", 65, 120).charges() == Charges(
        brokerage=Decimal(20),
        stt=Decimal("11.70"),
        exchange_txn=Decimal("2.77056"),
        ipft=Decimal("0.00078"),
        sebi_fee=Decimal("0.0078"),
        stamp=Decimal(0),
        gst=Decimal("4.1002452"),
    )
    assert Order("BUY", 65, 80).charges() == Charges(
        brokerage=Decimal(20),
        stt=Decimal(0),
        exchange_txn=Decimal("1.84704"),
        ipft=Decimal("0.00052"),
        sebi_fee=Decimal("0.0052"),
        stamp=Decimal("0.1560"),
        gst=Decimal("3.9334968"),
    )


EXAMPLES = {
    "A": ([Order("SELL", 65, 120), Order("BUY", 65, 80)], "64.521642", 6452),
    "B": (
        [Order("SELL", 65, 120), Order("SELL", 65, 110), Order("BUY", 65, 40), Order("BUY", 65, 35)],
        "125.31",
        None,
    ),
    "C": ([Order("BUY", 65, 24_000, "INDEX_FUT"), Order("SELL", 65, 24_100, "INDEX_FUT")], "932.85", None),
    "D": (
        [Order("BUY", 100, 1_500, "EQ_INTRADAY"), Order("SELL", 100, 1_510, "EQ_INTRADAY")],
        "100.71",
        None,
    ),
    "E": ([Order("SELL", 20, 300, exchange="BSE"), Order("BUY", 20, 200, exchange="BSE")], "60.17", None),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples(name: str) -> None:
    orders, expected, paise = EXAMPLES[name]
    exact = sum((order.charges().total for order in orders), Decimal(0))
    assert round(exact, -Decimal(expected).as_tuple().exponent) == Decimal(expected)
    if paise is not None:
        assert sum(order.charges().total_paise for order in orders) == paise


def test_each_order_is_rounded_once() -> None:
    assert Order("SELL", 65, 120).charges().total_paise == 3858
    assert Order("BUY", 65, 80).charges().total_paise == 2594


def test_rates_of_june_2022() -> None:
    sold = Order("SELL", 50, 200).charges(JUNE_2022)  # turnover ₹10,000
    assert sold == Charges(
        brokerage=Decimal(20),
        stt=Decimal("5.00"),  # 0.05 %
        exchange_txn=Decimal("5.3"),  # 0.053 %
        ipft=Decimal(0),
        sebi_fee=Decimal("0.01"),  # ₹10 a crore
        stamp=Decimal(0),
        gst=Decimal("4.5558"),
    )
    bought = Order("BUY", 50, 200).charges(JUNE_2022)
    assert (bought.stt, bought.stamp) == (0, Decimal("0.3"))  # 0.003 %
    assert (sold.total_paise, bought.total_paise) == (3487, 3017)


def test_brokerage_of_a_percentage_has_its_cap() -> None:
    assert Order("BUY", 10, 100, "EQ_INTRADAY").charges().brokerage == Decimal("0.3")
    assert Order("BUY", 10, 100, "EQ_INTRADAY").charges(broker="angelone").brokerage == 5
    assert Order("BUY", 100, 1_500, "EQ_INTRADAY").charges().brokerage == 20


def test_nothing_traded_costs_nothing() -> None:
    assert Order("BUY", 0, 100).charges() == Charges()


def test_a_missing_rate_is_named() -> None:
    with pytest.raises(UserError) as caught:
        Order("BUY", 50, 100).charges(date(2020, 6, 30))
    assert caught.value.code == "fact_missing"
    assert caught.value.context == {"subject": "INDEX_OPT", "field": "STAMP", "date": "2020-06-30"}


def test_an_unknown_plan_is_named() -> None:
    with pytest.raises(UserError, match="No brokerage INDEX_OPT of nobody is known for 25 Nov 2026"):
        Order("BUY", 50, 100).charges(broker="nobody")


@given(side=st.sampled_from(["BUY", "SELL"]), qty=st.integers(1, 100_000), rupees=st.integers(1, 5_000))
def test_total_is_the_sum_rounded_half_up_to_the_paisa(side: str, qty: int, rupees: int) -> None:
    due = Order(side, qty, rupees).charges()
    assert due.total == sum(due.components().values())
    assert due.total_paise == int(due.total * 100 + Decimal("0.5"))
    assert all(part >= 0 for part in due.components().values())

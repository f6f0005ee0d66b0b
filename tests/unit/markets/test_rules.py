"""Dated numbers of exchanges and regulators: the most specific one in force counts, nothing is guessed."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from markets.domain.rules import Rule, RuleBook
from qlplatform.core.errors import UserError
from tests.unit.markets.facts import rules

DAY = date(2026, 11, 25)


def rule(
    value: int, *, exchange: str = "", subject: str = "", start: str = "2020-01-01", unit: str = "percent"
) -> Rule:
    return Rule("r", exchange, subject, Decimal(value), unit, date.fromisoformat(start))


BOOK = RuleBook(
    [rule(1), rule(2, exchange="BSE"), rule(3, subject="NIFTY"), rule(4, exchange="BSE", subject="NIFTY")]
)


@pytest.mark.parametrize(
    ("exchange", "subject", "value"),
    [
        ("", "", 1),
        ("NSE", "", 1),
        ("BSE", "", 2),
        ("NSE", "NIFTY", 3),
        ("BSE", "NIFTY", 4),
        ("BSE", "OTHER", 2),
    ],
)
def test_the_most_specific_rule_counts(exchange: str, subject: str, value: int) -> None:
    assert BOOK.number("r", DAY, exchange=exchange, subject=subject) == value


def test_subjects_are_tried_in_order() -> None:
    assert BOOK.number("r", DAY, subject=("SENSEX", "NIFTY")) == 3


def test_of_two_in_force_the_later_one_counts() -> None:
    book = RuleBook([rule(1), rule(5, start="2026-11-25")])
    assert [book.number("r", date(2026, 11, day)) for day in (24, 25)] == [1, 5]


def test_an_unknown_rule_is_named_with_its_date() -> None:
    with pytest.raises(UserError) as refused:
        BOOK.number("r", date(2019, 12, 31))
    assert (refused.value.code, refused.value.context["field"]) == ("fact_missing", "r")


def test_a_year_is_listed_by_its_value_once_it_is_confirmed() -> None:
    entered = Rule("holiday_list", "NSE", "", Decimal(2027), "year", date(2026, 12, 14))
    believed = Rule("holiday_list", "NSE", "", Decimal(2028), "year", date(2026, 12, 14), confirmed=False)
    book = RuleBook([entered, believed])
    assert (book.listed_years("NSE"), book.listed_years("BSE")) == ({2027}, set())


def test_a_time_of_day_is_read_as_one() -> None:
    assert rule(1525, unit="HHMM").clock == time(15, 25)
    with pytest.raises(ValueError, match="not a time of day"):
        rule(1525).clock  # noqa: B018


@pytest.mark.parametrize(
    ("name", "on", "exchange", "subject", "value"),
    [
        ("lpp_percent", "2022-10-31", "NSE", "INDEX_OPT", "40"),  # NSE/FAOP/54242
        ("lpp_min", "2026-11-25", "NSE", "INDEX_FUT", "200"),
        ("lpp_percent", "2026-07-06", "BSE", "STOCK_FUT", "3"),
        ("lpp_percent", "2026-11-25", "BSE", "FOCIT_OPT", "80"),
        ("limit_option_net_eod", "2026-11-25", "NSE", "INDEX", "1500"),
        ("limit_option_net_intraday", "2026-11-25", "NSE", "INDEX", "5000"),
        ("pricing_rate", "2026-11-25", "", "", "6.5"),
    ],
)
def test_rules_that_ship(name: str, on: str, exchange: str, subject: str, value: str) -> None:
    assert rules().number(name, date.fromisoformat(on), exchange=exchange, subject=subject) == Decimal(value)


@pytest.mark.parametrize(
    ("name", "day_before", "exchange", "subject"),
    [
        ("lpp_percent", "2022-10-30", "NSE", "INDEX_OPT"),
        ("lpp_percent", "2025-11-30", "BSE", "INDEX_OPT"),
        ("lpp_percent", "2026-07-05", "BSE", "STOCK_OPT"),
    ],
)
def test_protection_did_not_exist_the_day_before(
    name: str, day_before: str, exchange: str, subject: str
) -> None:
    assert rules().find(name, date.fromisoformat(day_before), exchange=exchange, subject=subject) is None

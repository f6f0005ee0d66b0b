"""Values of master files, exactly or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.master.values import (
    RowProblem,
    count,
    day_epoch,
    day_iso,
    day_named,
    day_nse,
    day_numbers,
    paise,
    rupees_to_paise,
    strike_to_paise,
)


@given(st.integers(min_value=0, max_value=10**11))
def test_rupees_become_paise_exactly(amount: int) -> None:
    assert rupees_to_paise(f"{amount // 100}.{amount % 100:02d}") == amount
    assert rupees_to_paise(str(Decimal(amount).scaleb(-2))) == amount


@pytest.mark.parametrize(
    ("text", "worth"), [("23700", 2370000), ("23700.0", 2370000), ("0.05", 5), ("2.37E4", 2370000), ("0", 0)]
)
def test_rupees_in_every_spelling(text: str, worth: int) -> None:
    assert rupees_to_paise(text) == worth


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-1", "0.005", "1e30", "1,000", "٣"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(RowProblem) as refused:
        rupees_to_paise(text)
    assert refused.value.code == "bad_price"


@given(st.text())
def test_any_text_is_a_price_or_refused(text: str) -> None:
    try:
        worth = rupees_to_paise(text)
    except RowProblem:
        return
    assert 0 <= worth <= 10**12


def test_an_amount_in_paise_is_taken_as_it_is() -> None:
    assert (paise("2370000"), paise("5.0")) == (2370000, 5)


@pytest.mark.parametrize(
    ("text", "number"), [("75", 75), ("75.0", 75), ("1,800", 1800), ("5.001000E+03", 5001)]
)
def test_counts_in_every_spelling(text: str, number: int) -> None:
    assert count(text, what="lot") == number


@pytest.mark.parametrize("text", ["", "7.5", "-1", "99999999999", "nan", "0"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(RowProblem) as refused:
        count(text, what="lot", least=1)
    assert refused.value.code == "bad_number"


@pytest.mark.parametrize(
    ("read", "text", "day"),
    [
        (day_iso, "2026-11-24", date(2026, 11, 24)),
        (day_iso, "2026-11-24 14:30:00", date(2026, 11, 24)),
        (day_named, "24-Nov-2026", date(2026, 11, 24)),
        (day_named, "24NOV2026", date(2026, 11, 24)),
        (day_named, "24NOV26", date(2026, 11, 24)),
        (day_named, "4 Nov 26", date(2026, 11, 4)),
        (day_numbers, "24/11/2026", date(2026, 11, 24)),
        (day_numbers, "24112026", date(2026, 11, 24)),
        (day_nse, "1265476369", date(2020, 2, 6)),
        (day_epoch, "1756232999", date(2025, 8, 26)),
    ],
)
def test_days_in_every_spelling(read: Callable[[str], date], text: str, day: date) -> None:
    assert read(text) == day


def test_days_in_milliseconds_and_from_the_year_down() -> None:
    # the last second of the day in India
    assert day_epoch("1756232999000", unit=1000) == date(2025, 8, 26)
    assert day_epoch("1756233000000", unit=1000) == date(2025, 8, 27)
    assert day_numbers("20261124", order="ymd") == date(2026, 11, 24)


@pytest.mark.parametrize("read", [day_iso, day_named, day_numbers, day_nse, day_epoch])
@pytest.mark.parametrize("text", ["", "x", "31-Feb-2026", "2026-02-31", "-5", "9e99", "24-Nix-2026"])
def test_what_is_no_day_is_refused(read: Callable[[str], date], text: str) -> None:
    with pytest.raises(RowProblem) as refused:
        read(text)
    assert refused.value.code == "bad_date"


@pytest.mark.parametrize(
    ("text", "symbol", "in_paise"),
    [
        ("23700", "NIFTY26N2323700CE", False),
        ("2370000", "NIFTY26N2323700CE", True),
        ("23700", "NIFTY23NOV26C23700", False),
        ("23700", "", False),
        ("23700.00", "NIFTY 50 CALL", False),
    ],
)
def test_a_strike_that_agrees_with_its_symbol(text: str, symbol: str, in_paise: bool) -> None:
    assert strike_to_paise(text, symbol=symbol, in_paise=in_paise) == 2370000


@pytest.mark.parametrize(
    ("text", "symbol", "in_paise"),
    [
        ("2370000", "NIFTY26N2323700CE", False),
        ("23700", "NIFTY26N2323700CE", True),
        ("237", "NIFTY23NOV26C23700", False),
        ("12345", "ABC26NOV123.45PE", False),
    ],
)
def test_a_strike_in_the_wrong_unit_is_found_out(text: str, symbol: str, in_paise: bool) -> None:
    with pytest.raises(RowProblem) as refused:
        strike_to_paise(text, symbol=symbol, in_paise=in_paise)
    assert refused.value.code == "strike_unit"


@pytest.mark.parametrize("text", ["0", "-1", "x", "0.001"])
def test_what_is_no_strike_is_refused(text: str) -> None:
    with pytest.raises(RowProblem) as refused:
        strike_to_paise(text)
    assert refused.value.code == "bad_strike"

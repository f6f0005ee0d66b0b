"""Contracts as they were listed on a trade date: expiry days and lots that were changed later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.calendar import SATURDAY
from tests.unit.markets.facts import calendar, contracts


def monthly(underlying: str, month: str, on: str) -> str:
    """The monthly expiry of a month as listed on `on`."""
    first = date.fromisoformat(f"{month}-01")
    found = contracts().expiries(
        underlying, first, first + timedelta(days=30), listed_on=date.fromisoformat(on)
    )
    return next(each.on.isoformat() for each in found if each.monthly)


@pytest.mark.parametrize(
    ("underlying", "month", "on", "expected"),
    [
        (
            "BANKNIFTY",
            "2025-01",
            "2025-01-01",
            "2025-01-29",
        ),  # NSE circular of 2024-11-29, changed that night
        ("BANKNIFTY", "2025-01", "2025-01-02", "2025-01-30"),
        ("NIFTYNXT50", "2025-03", "2025-01-01", "2025-03-28"),
        ("NIFTY", "2025-12", "2025-01-10", "2025-12-24"),
        ("NIFTY", "2025-12", "2025-08-13", "2025-12-30"),  # last Tuesday since the summer
        ("NIFTY", "2027-12", "2026-01-05", "2027-12-28"),
        ("NIFTY", "2029-12", "2026-01-05", "2029-12-24"),  # Christmas is known without a list
        ("NIFTY", "2026-03", "2025-12-11", "2026-03-31"),  # the list that closes the day came on the 12th
        ("NIFTY", "2026-03", "2025-12-12", "2026-03-30"),
    ],
)
def test_expiry_as_listed(underlying: str, month: str, on: str, expected: str) -> None:
    assert monthly(underlying, month, on) == expected


@pytest.mark.parametrize(
    ("underlying", "expiry", "on", "lot"),
    [
        ("NIFTY", "2026-03-31", "2025-12-30", 75),  # the quarterly contract changed that night
        ("NIFTY", "2026-03-30", "2025-12-31", 65),
        ("NIFTY", "2026-01-27", "2025-11-14", 65),  # the monthly one was listed with the new lot
        ("NIFTY", "2026-12-31", "2025-01-10", 75),
        ("NIFTY", "2025-03-27", "2024-12-26", 25),
        ("NIFTY", "2025-03-27", "2024-12-27", 75),
        ("BANKNIFTY", "2026-06-30", "2025-01-10", 30),
        ("BANKNIFTY", "2026-06-30", "2025-08-13", 35),
        ("BANKNIFTY", "2026-06-30", "2026-01-05", 30),
        ("MIDCPNIFTY", "2025-02-24", "2025-01-01", 120),  # by the old weekday
    ],
)
def test_lot_as_listed(underlying: str, expiry: str, on: str, lot: int) -> None:
    listed_on = date.fromisoformat(on)
    assert contracts().lot_size(underlying, date.fromisoformat(expiry), listed_on) == lot


@pytest.mark.parametrize(
    ("underlying", "on", "tick"),
    [
        ("NIFTY", "2025-04-14", 5), ("NIFTY", "2025-04-15", 10), ("BANKNIFTY", "2025-04-15", 20),
        ("MIDCPNIFTY", "2026-08-18", 5), ("FOCIT", "2026-08-18", 100), ("SENSEX", "2026-08-18", 5),
    ],
)  # fmt: skip
def test_index_futures_have_a_tick_by_level(underlying: str, on: str, tick: int) -> None:
    day = date.fromisoformat(on)
    assert contracts().tick_paise(underlying, day, future=True) == tick
    assert contracts().tick_paise(underlying, day) == 5 or underlying == "FOCIT"


def test_futures_of_bse_have_a_freeze_quantity_of_their_own() -> None:
    day = date(2026, 11, 25)
    assert [contracts().freeze_qty("SENSEX", day, future=future) for future in (False, True)] == [1000, 500]


@pytest.mark.parametrize(
    ("underlying", "on", "near", "far"),
    [("NIFTY", "2025-12-30", 50_00, 1000_00), ("NIFTY", "2025-12-31", 50_00, 1500_00)],
)
def test_strikes_near_and_far(underlying: str, on: str, near: int, far: int) -> None:
    day = date.fromisoformat(on)
    steps = [contracts().strike_step_paise(underlying, day, long_dated=each) for each in (False, True)]
    assert steps == [near, far]
    assert contracts().option_style(underlying, day) == "European, cash settled"


days = st.dates(date(2019, 2, 14), date(2026, 12, 31))
symbols = st.sampled_from(["NIFTY", "BANKNIFTY", "FINNIFTY", "MIDCPNIFTY", "SENSEX"])


@given(underlying=symbols, start=days, length=st.integers(0, 120))
def test_expiries_ascend_on_ordinary_days_at_or_before_their_weekday(
    underlying: str, start: date, length: int
) -> None:
    end = min(start + timedelta(days=length), date(2026, 12, 31))
    found = contracts().expiries(underlying, start, end)
    assert [each.on for each in found] == sorted({each.on for each in found})
    for each in found:
        assert start <= each.on <= min(each.nominal, end)
        assert calendar().is_ordinary_day(each.on)
        skipped = (each.nominal - each.on).days
        between = (each.on + timedelta(days=ahead + 1) for ahead in range(skipped))
        assert not any(calendar().is_ordinary_day(day) for day in between)


@given(underlying=symbols, start=days, middle=st.integers(0, 60), rest=st.integers(1, 60))
def test_a_span_has_the_expiries_of_its_parts(underlying: str, start: date, middle: int, rest: int) -> None:
    last = date(2026, 12, 31)
    cut, end = (min(start + timedelta(days=n), last) for n in (middle, middle + rest))
    parts = contracts().expiries(underlying, start, cut)
    if cut < end:
        parts += contracts().expiries(underlying, cut + timedelta(days=1), end)
    assert contracts().expiries(underlying, start, end) == parts


@given(on=st.dates(date(2019, 1, 1), date(2027, 12, 31)), group=st.sampled_from(["INDEX_OPT", "INDEX_FUT"]))
def test_phases_lie_inside_their_day_and_trading_is_the_session(on: date, group: str) -> None:
    session, phases = calendar().session(on, group=group), calendar().phases(on, group=group)
    assert all(part.open.date() == part.close.date() == on and part.open < part.close for part in phases)
    normal = tuple((part.open, part.close) for part in phases if part.name == "normal")
    assert normal == (session.sittings if session else ())
    if session is None and calendar().confirmed_year(on.year):
        row = calendar().day_row(on)
        assert on.weekday() >= SATURDAY or (row is not None and not row.sittings)

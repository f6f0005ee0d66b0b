"""Halts cut the day, show on the market clock, and follow the circuit-breaker table."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.domain.halts import HaltRow, halt_for_fall
from qlplatform.core.clock import IST
from qlplatform.core.errors import UserError
from tests.unit.markets.facts import rules, with_halts

DAY = date(2026, 11, 25)


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-25T{clock}").replace(tzinfo=IST)


def halt(starts: str, pre_open: str | None = None, resumes: str | None = None) -> HaltRow:
    times = (at(text) if text else None for text in (pre_open, resumes))
    return HaltRow("NSE", "FO", at(starts), *times, reason="10 % fall")


BREAK = halt("11:00", "11:45", "12:00")
REST = halt("14:45")


def hours(*halts: HaltRow) -> str:
    session = with_halts(*halts).session(DAY)
    return " ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in session.sittings) if session else "closed"


def test_a_halt_splits_the_day() -> None:
    assert hours(BREAK) == "09:15-11:00 12:00-15:40"


def test_a_halt_without_end_ends_the_day() -> None:
    assert hours(REST) == "09:15-14:45"


def test_two_halts_of_a_day() -> None:
    assert hours(BREAK, REST) == "09:15-11:00 12:00-14:45"


def test_a_halt_from_before_the_open_leaves_nothing() -> None:
    assert hours(halt("09:00")) == "closed"


def test_another_exchange_goes_on() -> None:
    assert with_halts(BREAK, exchange="BSE").session(DAY) == with_halts(exchange="BSE").session(DAY)


def test_a_day_that_ends_in_a_halt_has_no_closing_auction() -> None:
    cash = HaltRow("NSE", "CM_FO_UNDERLYING", at("14:45"), reason="20 % fall")
    days = with_halts(cash, segment="CM_FO_UNDERLYING")
    assert [part.name for part in days.phases(DAY, group="EQ")] == ["normal"]


@pytest.mark.parametrize(
    ("clock", "code", "text"),
    [
        ("10:59", "open", "Open, closes in 1m"),
        ("11:00", "halted", "Halted: 10 % fall, opens 12:00"),
        ("11:45", "pre_open_reopen", "Pre-open after a halt, opens 12:00"),
        ("12:00", "open", "Open, closes in 2h 45m"),
        ("14:45", "halted", "Halted for the day: 10 % fall, opens Thu 09:15"),
        ("15:41", "closed", "Closed, opens Thu 09:15"),
    ],
)
def test_what_the_market_clock_says(clock: str, code: str, text: str) -> None:
    state = with_halts(BREAK, REST).describe(at(clock))
    assert (state.code, state.text) == (code, text)


@pytest.mark.parametrize(
    ("percent", "clock", "pre_open", "resumes"),
    [
        (10, "10:00", "10:45", "11:00"),
        (10, "12:59", "13:44", "13:59"),
        (-10, "13:00", "13:15", "13:30"),
        (14, "14:29", "14:44", "14:59"),
        (15, "10:00", "11:45", "12:00"),
        (15, "13:30", "14:15", "14:30"),
    ],
)
def test_a_fall_and_when_trading_comes_back(percent: int, clock: str, pre_open: str, resumes: str) -> None:
    plan = halt_for_fall(percent, at(clock), rules())
    assert (plan.pre_open_at, plan.resumes_at) == (at(pre_open), at(resumes))


@pytest.mark.parametrize(("percent", "clock"), [(15, "14:00"), (20, "09:30"), (-25, "15:00")])
def test_a_fall_that_ends_the_day(percent: int, clock: str) -> None:
    plan = halt_for_fall(percent, at(clock), rules())
    assert (plan.level > 0, plan.resumes_at) == (True, None)


@pytest.mark.parametrize(("percent", "clock"), [(9, "10:00"), (10, "14:30"), (0, "12:00")])
def test_a_fall_that_halts_nothing(percent: int, clock: str) -> None:
    assert halt_for_fall(percent, at(clock), rules()).level == 0


def test_days_before_the_table_are_refused() -> None:
    with pytest.raises(UserError) as refused:
        halt_for_fall(10, datetime(1999, 1, 4, 10, tzinfo=IST), rules())
    assert refused.value.code == "fact_missing"


minutes = st.integers(0, 24 * 60 - 1)


@given(starts=minutes, lasts=st.integers(1, 300))
def test_halted_time_is_exactly_what_is_missing(starts: int, lasts: int) -> None:
    begin = datetime(2026, 11, 25, starts // 60, starts % 60, tzinfo=IST)
    row = HaltRow("NSE", "FO", begin, None, datetime.fromtimestamp(begin.timestamp() + lasts * 60, tz=IST))
    session = with_halts(row).session(DAY)
    for minute in range(0, 24 * 60, 5):
        now = datetime(2026, 11, 25, minute // 60, minute % 60, tzinfo=IST)
        usual = at("09:15") <= now < at("15:40")
        expected = usual and not (row.starts_at <= now < row.resumes_at)  # type: ignore[operator]
        assert (session is not None and session.contains(now)) == expected

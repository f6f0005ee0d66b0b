"""Clocks, models and rates: what an IV rests on."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from markets.domain.pricing import black76, conventions, spot
from markets.domain.pricing.conventions import Clock, Convention, Model, years
from qlplatform.core.clock import IST, UTC

CLOSE = datetime(2026, 3, 12, 15, 30, tzinfo=IST)
SITTINGS = [
    (datetime(2026, 3, day, 9, 15, tzinfo=IST), datetime(2026, 3, day, 15, 30, tzinfo=IST))
    for day in (9, 10, 11, 12, 13)
]
SECONDS = 365 * 86400


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=IST).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (Clock.CALENDAR, (2 * 86400 + 6 * 3600 + 600) / SECONDS),
        (Clock.WHOLE_DAYS, 2 / 365),
        (Clock.MIDNIGHT, (2 * 86400 + 14 * 3600 + 2400) / SECONDS),
        (Clock.TRADING, (370 + 375 + 375) / (252 * 375)),
    ],
)
def test_time_to_expiry_by_each_clock(clock: Clock, expected: float) -> None:
    assert years(at(10, 9, 20), CLOSE, clock, SITTINGS) == pytest.approx(expected, rel=1e-14)


def test_nights_and_days_off_do_not_count_on_the_trading_clock() -> None:
    evening, morning = at(10, 18, 0), at(11, 9, 0)
    assert years(evening, CLOSE, Clock.TRADING, SITTINGS) == years(morning, CLOSE, Clock.TRADING, SITTINGS)


@pytest.mark.parametrize("clock", Clock)
def test_at_the_close_of_the_expiry_day_no_time_is_left(clock: Clock) -> None:
    assert years(CLOSE, CLOSE, clock, SITTINGS) == 0
    assert years(CLOSE + timedelta(seconds=1), CLOSE, clock, SITTINGS) == 0


@pytest.mark.parametrize("clock", [Clock.CALENDAR, Clock.WHOLE_DAYS])
def test_the_last_minute_counts_whole(clock: Clock) -> None:
    assert years(CLOSE - timedelta(seconds=1), CLOSE, clock) == 60 / SECONDS


def test_the_last_minute_counts_whole_on_the_trading_clock() -> None:
    assert years(CLOSE - timedelta(seconds=1), CLOSE, Clock.TRADING, SITTINGS) == 1 / (252 * 375)


def test_the_trading_clock_asks_for_sittings() -> None:
    with pytest.raises(ValueError, match="sittings"):
        years(at(10, 9, 20), CLOSE, Clock.TRADING)


def test_the_default_is_black_76_at_six_and_a_half_percent_on_the_calendar() -> None:
    assert Convention(Model.BLACK76, 0.065, Clock.CALENDAR, 0.0) == conventions.DEFAULT


def test_a_convention_on_the_forward_gives_back_volatility_and_greeks() -> None:
    price = black76.price([1, -1], 24400, 24350, 0.02, 0.13, 0.065)
    got = conventions.value(conventions.DEFAULT, price, [1, -1], 24400, 24350, 0.02)
    assert got.iv == pytest.approx([0.13, 0.13], abs=1e-10)
    assert got.greeks.delta == pytest.approx(black76.greeks([1, -1], 24400, 24350, 0.02, 0.13, 0.065).delta)
    assert got.convention is conventions.DEFAULT


def test_a_convention_on_the_spot_gives_back_volatility_and_spot_greeks() -> None:
    convention = Convention(Model.BSM_SPOT, 0.10, Clock.WHOLE_DAYS, 0.01)
    price = spot.price([1, -1], 24300, 24350, 0.02, 0.13, 0.10, 0.01)
    got = conventions.value(convention, price, [1, -1], 24300, 24350, 0.02)
    expected = spot.greeks([1, -1], 24300, 24350, 0.02, 0.13, 0.10, 0.01)
    assert got.iv == pytest.approx([0.13, 0.13], abs=1e-10)
    for name in black76.Greeks._fields:
        assert getattr(got.greeks, name) == pytest.approx(getattr(expected, name), rel=1e-8)


def test_a_fixed_rate_on_the_spot_parts_call_and_put() -> None:
    """A market that carries 9.7 %, read at 6.5 % on the spot: the IVs of one strike part by two points."""
    convention = Convention(Model.BSM_SPOT, 0.065)
    month = 32 / 365
    price = black76.price([1, -1], 23748.46, 23700, month, 0.1475, 0.065)
    on_forward = conventions.value(conventions.DEFAULT, price, [1, -1], 23748.46, 23700, month)
    call, put = conventions.value(convention, price, [1, -1], 23547.75, 23700, month).iv
    assert on_forward.iv == pytest.approx([0.1475, 0.1475], abs=1e-10)
    # what the forward misses moves call and put apart by its worth over vega
    missing = (23748.46 - spot.forward_of(23547.75, month, 0.065)) * np.exp(-0.065 * month)
    assert call - put == pytest.approx(missing / (on_forward.greeks.vega[0] * 100), rel=0.01)


def test_no_volatility_leaves_no_greeks_either() -> None:
    got = conventions.value(conventions.DEFAULT, [0.0, 161.2302350], 1, 24350, 24350, 7 / 365)
    assert [str(value) for value in got.greeks.delta] == ["nan", str(got.greeks.delta[1])]
    assert got.greeks.delta[1] == pytest.approx(0.5026877831)


def test_a_volatility_on_another_clock_keeps_the_price() -> None:
    trading, calendar = 1.5 / 252, 3.5 / 365
    vol = float(conventions.on_clock(0.16, trading, calendar))
    assert vol == pytest.approx(0.16 * (trading / calendar) ** 0.5)
    prices = black76.price(1, 24350, 24400, [trading, calendar], [0.16, vol], 0.0)
    assert prices[0] == pytest.approx(prices[1], rel=1e-12)

"""The assumptions behind an IV: model, rate and clock, as one value to be chosen and to be stored.

Two published IVs of one price differ because these differ; numbers compare only under one convention. What
each known source uses stands in `PUBLISHED`, found by reproducing its figures (docs/pricing.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from markets.domain.pricing import black76, spot
from markets.domain.pricing.implied import implied
from markets.domain.pricing.normal import Floats
from qlplatform.core.clock import IST

YEAR = timedelta(days=365)
FLOOR = timedelta(seconds=60)
TRADING_YEAR = timedelta(minutes=252 * 375)

Sitting = tuple[datetime, datetime]


class Model(StrEnum):
    """What the option is written on."""

    BLACK76 = "BLACK76"
    BSM_SPOT = "BSM_SPOT"


class Clock(StrEnum):
    """How time to expiry is counted."""

    CALENDAR = "CALENDAR"
    """seconds to the close of the expiry day, over 365 days"""
    WHOLE_DAYS = "WHOLE_DAYS"
    """difference of the dates, over 365"""
    MIDNIGHT = "MIDNIGHT"
    """seconds to the midnight that ends the expiry day, over 365 days"""
    TRADING = "TRADING"
    """minutes of trading left, over 252 days of 375 minutes"""


@dataclass(frozen=True, slots=True)
class Convention:
    """Model, continuously compounded rate a year, clock, and the dividend yield of the spot model."""

    model: Model = Model.BLACK76
    rate: float = 0.065
    clock: Clock = Clock.CALENDAR
    dividend_yield: float = 0.0


DEFAULT = Convention()

PUBLISHED = {
    "NSE_OPTION_CHAIN": Convention(Model.BSM_SPOT, 0.10, Clock.WHOLE_DAYS),
    "UPSTOX_OPTION_CHAIN": Convention(Model.BSM_SPOT, 0.0525, Clock.CALENDAR),
    "DHAN_EXPIRED_OPTIONS_2025_07": Convention(Model.BSM_SPOT, 0.10, Clock.CALENDAR),
    "DHAN_EXPIRED_OPTIONS_2025_08": Convention(Model.BSM_SPOT, 0.10, Clock.MIDNIGHT),
}
"""Conventions of published IVs, by source and, where it changed, the last or first contract month."""


class Valued(NamedTuple):
    """Volatility, reason code and Greeks of quotes, with the convention they hold under."""

    iv: Floats
    code: NDArray[np.int8]
    greeks: black76.Greeks
    convention: Convention


def years(
    now: datetime, expiry_close: datetime, clock: Clock = Clock.CALENDAR, sittings: Iterable[Sitting] = ()
) -> float:
    """Time to expiry in years: at least 60 s before the close of the expiry day, 0 from then on.

    Aware datetimes. TRADING counts the `sittings` (open, close) of the days from now to expiry, which the
    trading calendar knows; the others need none.
    """
    if now >= expiry_close:
        return 0.0
    if clock is Clock.TRADING:
        return max(_trading_time(now, expiry_close, sittings), FLOOR) / TRADING_YEAR
    return max(_calendar_time(now, expiry_close, clock), FLOOR) / YEAR


def value(
    convention: Convention, price: ArrayLike, w: ArrayLike, level: ArrayLike, strike: ArrayLike, t: ArrayLike
) -> Valued:
    """Volatility and Greeks of prices under a convention; `level` is the forward of BLACK76, the spot of
    BSM_SPOT; `t` is in years of the convention's clock.
    """
    rate, q = convention.rate, convention.dividend_yield
    on_spot = convention.model is Model.BSM_SPOT
    forward = spot.forward_of(level, t, rate, q) if on_spot else level
    iv, code = implied(price, w, forward, strike, t, rate)
    greeks = black76.greeks(w, forward, strike, t, np.where(code == 0, iv, np.nan), rate)
    if on_spot:
        greeks = spot.on_spot(greeks, level, t, rate, q)
    return Valued(iv, code, greeks, convention)


def on_clock(vol: ArrayLike, years_of_vol: ArrayLike, years_wanted: ArrayLike) -> Floats:
    """The same price's volatility on another clock: vol sqrt(T / T')."""
    ratio = np.asarray(years_of_vol, dtype=np.float64) / np.asarray(years_wanted, dtype=np.float64)
    result: Floats = np.asarray(vol, dtype=np.float64) * np.sqrt(ratio)
    return result


def _calendar_time(now: datetime, expiry_close: datetime, clock: Clock) -> timedelta:
    expiry_day = expiry_close.astimezone(IST).date()
    if clock is Clock.WHOLE_DAYS:
        return expiry_day - now.astimezone(IST).date()
    if clock is Clock.MIDNIGHT:
        return datetime.combine(expiry_day + timedelta(days=1), time(), IST) - now
    return expiry_close - now


def _trading_time(now: datetime, expiry_close: datetime, sittings: Iterable[Sitting]) -> timedelta:
    spans = [min(close, expiry_close) - max(opens, now) for opens, close in sittings]
    if not spans:
        raise ValueError("The TRADING clock counts trading sittings; give those from now to the expiry.")
    return sum((span for span in spans if span > timedelta(0)), timedelta(0))

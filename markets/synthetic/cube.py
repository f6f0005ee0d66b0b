"""A year of one strategy's market as arrays, for benchmarks: quick to make, no files."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from markets.domain.pricing.conventions import FLOOR, YEAR
from markets.domain.sessions import Ohlc
from markets.synthetic.path import MOODS, TRADING_DAYS, moves
from markets.synthetic.surface import Floats, values

Prices = NDArray[np.int32]

MINUTES, STEP, TICK = 375, 50.0, 5
WEEK = 5
DAY_MINUTES = 1440.0
VOL = 0.13
NOISE = 0.002


@dataclass(frozen=True, slots=True, eq=False)
class BarsCube:
    """One-minute bars in paise: `close` and `ohlc` as [day, strike, right, minute] (CE, PE), `spot` as
    [day, minute], `strikes` as [day, strike]. `days_left[d]`: trading days to the expiry, 0 on its day.
    """

    close: Prices
    spot: Prices
    strikes: Prices
    days_left: NDArray[np.int64]
    ohlc: Ohlc | None = None


def bars_cube(
    *, days: int = 250, strikes: int = 41, seed: int = 1, first_spot: float = 24_000.0, ohlc: bool = False
) -> BarsCube:
    """The nearest expiry of a weekly series through `days` trading days, `strikes` around each open. The same
    seed gives the same arrays.
    """
    rng = np.random.default_rng([seed, days, strikes])
    spot = _spots(days, first_spot, rng)
    middle = np.rint(spot[:, 0] / STEP)
    grid = (middle[:, None] + np.arange(strikes) - strikes // 2) * STEP
    days_left = (WEEK - 1 - np.arange(days)) % WEEK
    close = np.empty((days, strikes, 2, MINUTES), dtype=np.int32)
    for day in range(days):
        fair = values(spot[day], _vols(spot[day], VOL), _years(int(days_left[day])), grid[day])
        close[day] = _on_tick(fair * (1 + NOISE * rng.standard_normal(fair.shape))).transpose(1, 2, 0)
    return BarsCube(
        close=close,
        spot=np.rint(spot * 100).astype(np.int32),
        strikes=np.rint(grid * 100).astype(np.int32),
        days_left=days_left,
        ohlc=_ohlc(close, rng) if ohlc else None,
    )


def _spots(days: int, first: float, rng: np.random.Generator) -> Floats:
    """The index at each minute's end, days joined without gaps; it keeps near where it began."""
    daily = VOL / sqrt(TRADING_DAYS)
    spot, at = np.empty((days, MINUTES)), 0.0
    for day in range(days):
        path = at + daily * moves(MOODS[day % len(MOODS)], MINUTES, rng)[1:]
        spot[day], at = first * np.exp(path), float(path[-1]) * 0.97
    return np.round(spot, 2)


def _vols(spot: Floats, vol: float) -> Floats:
    found: Floats = vol * np.exp(-3.0 * np.log(spot / spot[0]))
    return found


def _years(days_left: int) -> Floats:
    minutes = days_left * DAY_MINUTES + MINUTES - np.arange(1, MINUTES + 1)
    years: Floats = np.maximum(minutes * 60.0, FLOOR.total_seconds()) / YEAR.total_seconds()
    return years


def _on_tick(rupees: Floats) -> Prices:
    return (np.maximum(np.rint(rupees * 100 / TICK), 1) * TICK).astype(np.int32)


def _ohlc(close: Prices, rng: np.random.Generator) -> Ohlc:
    """Bars around the closes: each opens where the one before it ended and reaches a little further."""
    opened = np.concatenate([close[..., :1], close[..., :-1]], axis=-1)
    high, low = np.maximum(opened, close), np.minimum(opened, close)
    reach = (TICK * rng.integers(0, 4, size=close.shape, dtype=np.int8)).astype(np.int32)
    return Ohlc(opened, high + reach, np.maximum(low - reach, TICK), close)

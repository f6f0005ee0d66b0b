"""The contracts of a day and their tapes: every strike of the quoted expiries, and the futures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from markets.domain.pricing.black76 import DAYS_A_YEAR
from markets.synthetic.path import STEPS, DayPath
from markets.synthetic.plan import MarketDay, Quoted, SyntheticPlan, first_spot
from markets.synthetic.surface import deviations, forwards, values, years_left
from markets.synthetic.trading import Tape, holdings, tape

Floats = NDArray[np.float64]

OPTIONS, FUTURES = 1, 2
RIGHTS = ("CE", "PE")
BUSY, QUIETEST, FUTURE_BUSY = 400.0, 0.7, 500.0
FADING = 0.6
LIQUID_YEARS = 4 / DAYS_A_YEAR
"""Strikes count as near by the moves of the next four days, however near the expiry is."""
MOST_HELD, GROWTH, ROUND_STRIKES = 40_000.0, 0.12, 10
BASIS_POINTS = 0.00008


@dataclass(frozen=True, slots=True, eq=False)
class Contracts:
    """The contracts of one expiry on a day, one beside another, and their tape. Strikes in rupees."""

    quoted: Quoted
    strikes: Floats
    rights: tuple[str, ...]
    tape: Tape


@dataclass(frozen=True, slots=True)
class Strikes:
    """Strikes listed so far: what was listed once stays, what the index comes near to is added. Numbers of
    strike steps.
    """

    low: int
    high: int

    @classmethod
    def around(cls, spot: float, step: float, count: int) -> Strikes:
        """`count` of them around the money."""
        middle = round(spot / step)
        return cls(middle - count // 2, middle + (count - 1) // 2)

    def joined(self, other: Strikes) -> Strikes:
        """With those of another day."""
        return Strikes(min(self.low, other.low), max(self.high, other.high))

    def rupees(self, step: float) -> Floats:
        """As prices."""
        return np.arange(self.low, self.high + 1, dtype=np.float64) * step


def day_contracts(
    plan: SyntheticPlan, day: MarketDay, path: DayPath, strikes: Strikes
) -> Iterator[Contracts]:
    """Futures first, then options by expiry."""
    for place, quoted in enumerate(day.futures):
        yield _future(plan, day, path, quoted, place)
    grid = strikes.rupees(day.step_paise / 100)
    for place, quoted in enumerate(day.options):
        yield _options(plan, day, path, quoted, grid, place)


def _rng(plan: SyntheticPlan, day: MarketDay, kind: int, quoted: Quoted) -> np.random.Generator:
    """Chance of its own for every expiry and day: more strikes elsewhere change nothing here."""
    return np.random.default_rng([plan.seed, kind, day.number, quoted.expiry.toordinal()])


def _options(
    plan: SyntheticPlan, day: MarketDay, path: DayPath, quoted: Quoted, grid: Floats, place: int
) -> Contracts:
    rng, minutes = _rng(plan, day, OPTIONS, quoted), quoted.minutes
    spot, vol = path.spot[:minutes], path.vol[:minutes]
    years = years_left(quoted.closes, day.opens, minutes, STEPS)
    fair = values(spot, vol, years, grid).reshape(minutes, STEPS + 1, -1)
    forward, left, sigma = forwards(spot, years)[:, -1:], years[:, -1:], vol[:, -1:]
    away = np.repeat(deviations(forward, grid, sigma, left, least=LIQUID_YEARS), len(RIGHTS), axis=1)
    busy = np.maximum(BUSY / (1 + 1.5 * place) * np.exp(-FADING * away**2), QUIETEST)
    middle, step = first_spot(plan, day), day.step_paise / 100
    start, end = (_held(grid, middle, step, place, day.number + more) for more in (0, 1))
    held = holdings(start, end, minutes, rng)
    made = tape(fair, away, busy, held, tick=day.tick_paise, lot=quoted.lot, rng=rng)
    return Contracts(quoted, np.repeat(grid, len(RIGHTS)), RIGHTS * len(grid), made)


def _held(grid: Floats, middle: float, step: float, place: int, days: int) -> Floats:
    """Open interest in lots: most out of the money and at round strikes, growing day by day."""
    distance = (grid / middle - 1) * 100
    round_ones = np.rint(grid / step) % ROUND_STRIKES == 0
    base = MOST_HELD / (1 + place) * (1 + GROWTH * days) * np.where(round_ones, 2.0, 1.0)
    calls, puts = (base * np.exp(-((distance - side) ** 2) / 8) for side in (1.5, -1.5))
    found: Floats = np.stack([calls, puts], axis=1).reshape(-1)
    return found


def _future(plan: SyntheticPlan, day: MarketDay, path: DayPath, quoted: Quoted, place: int) -> Contracts:
    rng, minutes = _rng(plan, day, FUTURES, quoted), quoted.minutes
    spot = path.spot[:minutes]
    basis = 1 + BASIS_POINTS * np.cumsum(rng.standard_normal((minutes, 1)), axis=0) / np.sqrt(minutes)
    fair = forwards(spot, years_left(quoted.closes, day.opens, minutes, STEPS)) * basis
    flat = np.zeros((minutes, 1))
    held = np.array([MOST_HELD * 4 / (1 + 3 * place)])
    made = tape(
        fair[:, :, None],
        flat,
        flat + FUTURE_BUSY / (1 + 3 * place),
        holdings(
            held * (1 + GROWTH * day.number / 4), held * (1 + GROWTH * (day.number + 1) / 4), minutes, rng
        ),
        tick=day.future_tick_paise,
        lot=quoted.lot,
        rng=rng,
    )
    return Contracts(quoted, np.zeros(1), ("FUT",), made)

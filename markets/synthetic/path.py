"""The index and its volatility through the days: drift, swings, jumps and gaps, by the mood of each day.

A point is a moment within a minute; the last point of a minute is the first of the next. Moods follow one
another so that any six days hold a rally, a fall, a reversal, a shock, swings and a quiet day: whatever a
strategy may do has its occasion.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from markets.synthetic.plan import MarketDay, SyntheticPlan, first_spot

Floats = NDArray[np.float64]

STEPS = 4
"""Moves within a minute; a minute has one point more."""
TRADING_DAYS = 252
OVERNIGHT = 0.35
"""The usual gap, as a part of a day's deviation."""
LEVERAGE = 3.0
"""How much volatility falls, relative, when the index rises: 1 % for 3 %."""
VOL_OF_VOL = 0.03
REALISED = 0.75
"""Indices move less than their options' volatility says."""
PATH = 0


@dataclass(frozen=True, slots=True)
class Mood:
    """How a day goes, in deviations of a day: where it drifts, how far it swings and how often, whether it
    jumps; `noise` is the size of everything random.
    """

    drift: float = 0.0
    swing: float = 0.0
    waves: float = 1.0
    jump: float = 0.0
    noise: float = 1.0


MOODS = (
    Mood(swing=0.9, waves=3),
    Mood(drift=1.5, noise=0.7),
    Mood(swing=0.2, waves=2, noise=0.45),
    Mood(swing=1.3, waves=1, noise=0.8),
    Mood(drift=-1.6, noise=0.9),
    Mood(drift=0.7, jump=-1.3, noise=1.1),
)


class DayPath(NamedTuple):
    """The index in rupees and the volatility of a month at the money, as [minute, point]."""

    spot: Floats
    vol: Floats


def walk(plan: SyntheticPlan, days: tuple[MarketDay, ...]) -> list[DayPath]:
    """The paths of all days, each going on where the one before it ended, with a gap overnight."""
    rng = np.random.default_rng([plan.seed, PATH])
    start = log(first_spot(plan, days[0]))
    at, mood_of_vol, paths = start, 0.0, []
    for day in days:
        steps, daily = day.minutes * STEPS, plan.vol / sqrt(TRADING_DAYS)
        opened = at + daily * OVERNIGHT * float(np.clip(rng.standard_normal(), -2, 2)) * (day.number > 0)
        move = moves(MOODS[(day.number + plan.seed) % len(MOODS)], steps, rng) * daily + opened
        wander = mood_of_vol + VOL_OF_VOL * _brownian(steps, rng)
        vol = plan.vol * np.exp(wander - LEVERAGE * (move - start))
        spot = np.rint(np.exp(move) * 100) / 100
        paths.append(DayPath(in_minutes(spot), in_minutes(vol)))
        at, mood_of_vol = float(move[-1]), float(wander[-1]) * exp(-0.3)
    return paths


def moves(mood: Mood, steps: int, rng: np.random.Generator) -> Floats:
    """A day from its open at 0, in deviations of a day."""
    t = np.linspace(0.0, 1.0, steps + 1)
    trend = mood.drift * t * t * (3 - 2 * t)
    waves = mood.swing * np.sin(2 * np.pi * mood.waves * t) * np.sqrt(4 * t * (1 - t))
    jump = mood.jump * np.clip((t - rng.uniform(0.3, 0.6)) * steps / 2, 0.0, 1.0)
    moves: Floats = trend + waves + jump + REALISED * mood.noise * _brownian(steps, rng)
    return moves


def _brownian(steps: int, rng: np.random.Generator) -> Floats:
    """Random moves adding up to one deviation, busier near the open and the close."""
    t = (np.arange(steps) + 0.5) / steps
    busy = 0.7 + 1.8 * (2 * t - 1) ** 4 + 0.6 * np.exp(-t * 20)
    return np.append(0.0, np.cumsum(rng.standard_normal(steps) * np.sqrt(busy / busy.sum())))


def in_minutes(points: Floats) -> Floats:
    """Points one after another as [minute, point]."""
    return np.lib.stride_tricks.sliding_window_view(points, STEPS + 1)[::STEPS].copy()

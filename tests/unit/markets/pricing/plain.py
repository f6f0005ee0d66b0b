"""The formulas of option pricing once more, slow and one at a time: what tests compare with."""

from __future__ import annotations

from math import erfc, exp, log, sqrt


def normal(x: float) -> float:
    return 0.5 * erfc(-x / sqrt(2.0))


def black76(w: int, forward: float, strike: float, years: float, vol: float, rate: float) -> float:
    if years <= 0:
        return max(w * (forward - strike), 0.0)
    spread = vol * sqrt(years)
    d1 = log(forward / strike) / spread + spread / 2
    return exp(-rate * years) * w * (forward * normal(w * d1) - strike * normal(w * (d1 - spread)))

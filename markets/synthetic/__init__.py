"""A made-up market: days that never were, of an underlying's calendar, contracts and lots as they were.

It serves tests, demonstrations and benchmarks, where no recorded session has next week's options, a future,
quotes on both sides or bars with their extremes. Everything follows from a seed; nothing in it says how a
strategy would have done.
"""

from __future__ import annotations

from markets.synthetic.cube import BarsCube, bars_cube
from markets.synthetic.making import generate
from markets.synthetic.plan import SyntheticPlan

__all__ = ["BarsCube", "SyntheticPlan", "bars_cube", "generate"]

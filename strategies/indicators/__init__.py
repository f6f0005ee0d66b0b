"""Indicators over many instruments at once, one closed bar at a time. Pure: numpy only.

kernel = make("rsi", n=5000, length=14)
values = kernel.update(Bar(open, high, low, close))      # live, {"value": array of 5000}
table = kernel.batch(History(close=..., ...))            # history, the same kernel bar after bar
"""

from __future__ import annotations

from strategies.indicators.bars import Bar, History
from strategies.indicators.base import Indicator, Param
from strategies.indicators.registry import DEFINITIONS, Definition, definition, make

__all__ = ["DEFINITIONS", "Bar", "Definition", "History", "Indicator", "Param", "definition", "make"]

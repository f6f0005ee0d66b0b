"""The candles a rule may look at, by the text that names them.

Candles start at the open of their sitting; the last of a sitting may be shorter. Times are µs since 1970
(UTC).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

MINUTE_US: Final = 60_000_000
DAY: Final = 1440  # stands for the whole trading day, however long it is
TIMEFRAMES: Final = {
    "1m": 1, "2m": 2, "3m": 3, "5m": 5, "10m": 10, "15m": 15, "25m": 25, "30m": 30, "45m": 45, "60m": 60,
    "75m": 75, "1d": DAY,
}  # fmt: skip
NAMES: Final = {minutes: name for name, minutes in TIMEFRAMES.items()}
BASE: Final = 1  # minutes of the candles all others are made of; the default of a rule
SESSION_MINUTES: Final = 375  # an ordinary day; only tells how much history to ask for


def candle_end(minutes: int, at: Any, opens: Any, closes: Any, day_closes: Any) -> Any:
    """The end of the candle a minute that ends `at` belongs to; numbers or arrays of them. It also is the
    candle's name: no two candles of a timeframe end together.
    """
    if minutes == DAY:
        return day_closes
    step = minutes * MINUTE_US
    return np.minimum(opens + ((at - 1 - opens) // step + 1) * step, closes)


def per_session(minutes: int) -> int:
    """Candles of an ordinary day."""
    return 1 if minutes == DAY else -(-SESSION_MINUTES // minutes)


def words(minutes: int) -> str:
    """As in “on 5-minute candles”."""
    return "daily" if minutes == DAY else f"{minutes}-minute"

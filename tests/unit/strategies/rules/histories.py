"""Minutes of made-up days, with holes, for the tests of the rule language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

import numpy as np

from qlplatform.core.clock import IST
from strategies.rules import Candle, Candles, RuleBar, RuleHistory, RuleSession
from strategies.rules.bars import micros
from strategies.rules.timeframes import MINUTE_US

MONDAY = date(2026, 11, 2)


def clock(text: str, day: date = MONDAY) -> datetime:
    """An IST time of a day."""
    return datetime.combine(day, time.fromisoformat(text), tzinfo=IST)


def session(day: date = MONDAY, closes: str = "15:30") -> RuleSession:
    return RuleSession(clock("09:15", day), clock(closes, day))


def minute(
    ends: str, close: float | None = None, *, day: date = MONDAY, closes: str = "15:30", **facts: float
) -> RuleBar:
    """The minute that ends then; the spot a flat candle at `close`, or nothing."""
    candles = {} if close is None else {"SPOT": Candle(close, close, close, close)}
    return RuleBar(clock(ends, day), session(day, closes), candles, facts)


def closes(values: Iterable[float | None], start: str = "09:16") -> list[RuleBar]:
    """Minutes in a row with these spot closes."""
    first = clock(start)
    ends = (first + timedelta(minutes=i) for i in range(1000))
    return [minute(f"{at:%H:%M}", value) for at, value in zip(ends, values, strict=False)]


def history(
    ends: np.ndarray,
    opens: np.ndarray,
    closes_: np.ndarray,
    instruments: Mapping[str, Candles],
    **facts: np.ndarray,
) -> RuleHistory:
    return RuleHistory(ends, opens, closes_, closes_, instruments, facts)


def days(
    count: int, minutes: int, keep: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ends, openings and closes of every minute of some sessions of this length; `keep` thins them out."""
    opens = np.array(
        [micros(clock("09:15", MONDAY + timedelta(days=i))) for i in range(count)], dtype=np.int64
    )
    every = np.repeat(opens, minutes)
    ends = every + np.tile(np.arange(1, minutes + 1), count) * MINUTE_US
    chosen = np.ones(len(ends), dtype=np.bool_) if keep is None else keep[: len(ends)]
    return ends[chosen], every[chosen], (every + minutes * MINUTE_US)[chosen]


def walk(count: int, seed: int, holes: float = 0.0, base: float = 24_000.0) -> Candles:
    """Candles of a random walk on a grid of 0.05 with flat stretches; a share of them is missing."""
    dice = np.random.default_rng(seed)
    close = base + np.cumsum(np.round(dice.normal(0, 4, count) * dice.integers(0, 2, count), 2))
    opened = np.concatenate([[base], close])[:count]
    high = np.maximum(opened, close) + np.round(dice.exponential(2, count), 2)
    low = np.minimum(opened, close) - np.round(dice.exponential(2, count), 2)
    volume = dice.integers(0, 80, count) * 65.0 * dice.integers(0, 2, count)
    columns = [opened, high, low, close, volume]
    gone = dice.random(count) < holes
    for column in columns:
        column[gone] = np.nan
    return Candles(*columns)

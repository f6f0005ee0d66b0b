"""From fair values to what a tape shows: bars of trades, a book around the close, volume, open interest, and
minutes without a trade. Prices are paise, quantities units.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SPREAD = 0.001
"""Of the price, at the money; wider away from it."""
DEPTH = 8.0
LOTS_A_TRADE = 6.0


class Tape(NamedTuple):
    """Bars as [minute, contract]; `traded` is False where nobody traded and nothing is recorded."""

    open: Ints
    high: Ints
    low: Ints
    close: Ints
    bid: Ints
    ask: Ints
    bid_qty: Ints
    ask_qty: Ints
    volume: Ints
    oi: Ints
    traded: NDArray[np.bool_]


def tape(
    fair: Floats, away: Floats, busy: Floats, holdings: Ints, *, tick: int, lot: int, rng: np.random.Generator
) -> Tape:
    """What trading at `fair` looks like (rupees, as [minute, point, contract]).

    `away`: deviations from the money, `busy`: trades expected, `holdings`: open interest in lots, each as
    [minute, contract].
    """
    ticks = fair * 100 / tick
    last = ticks[:, -1]
    width = 1 + np.floor(SPREAD * last * (1 + 0.5 * np.minimum(np.abs(away), 3.0) ** 2)).astype(np.int64)
    bid = np.maximum(np.rint(last - width / 2).astype(np.int64), 1)
    trades = _trades(ticks, width, rng)
    trades[:, -1] = np.clip(trades[:, -1], bid, bid + width)
    count = rng.poisson(busy)
    return Tape(
        open=trades[:, 0] * tick,
        high=trades.max(axis=1) * tick,
        low=trades.min(axis=1) * tick,
        close=trades[:, -1] * tick,
        bid=bid * tick,
        ask=(bid + width) * tick,
        bid_qty=lot * (1 + rng.poisson(busy / DEPTH)),
        ask_qty=lot * (1 + rng.poisson(busy / DEPTH)),
        volume=lot * (count + rng.poisson(count * LOTS_A_TRADE)),
        oi=lot * holdings,
        traded=count > 0,
    )


def _trades(ticks: Floats, width: Ints, rng: np.random.Generator) -> Ints:
    """Trades in ticks, somewhere between the bid and the ask of their moment."""
    aside = rng.uniform(-0.5, 0.5, ticks.shape) * width[:, None, :]
    return np.maximum(np.rint(ticks + aside).astype(np.int64), 1)


def holdings(start: Floats, end: Floats, minutes: int, rng: np.random.Generator) -> Ints:
    """Open interest in lots through a day, wandering from its first figure to its last."""
    t = np.linspace(0.0, 1.0, minutes)[:, None]
    walk = np.cumsum(rng.standard_normal((minutes, len(start))), axis=0) / np.sqrt(minutes)
    wander = 0.02 * (walk - t * walk[-1])
    found: Ints = np.rint((start + (end - start) * t) * (1 + wander)).astype(np.int64)
    return np.maximum(found, 0)

"""The bars of the published test vector: 60 of them, a new session with bar 30."""

from __future__ import annotations

import numpy as np

from strategies.indicators import History, make
from strategies.indicators.bars import Floats

I = np.arange(60)  # noqa: E741 - the index of the formulas
CLOSE = 100 + 5 * np.sin(I / 3) + 0.1 * I
HIGH = CLOSE + 1 + 0.5 * np.cos(I)
LOW = CLOSE - 1 - 0.5 * np.abs(np.sin(I))
VOLUME = 1000.0 + 10 * I
MARKS = (I == 0) | (I == 30)
HISTORY = History(open=CLOSE, high=HIGH, low=LOW, close=CLOSE, volume=VOLUME, new_session=MARKS)


def series(name: str, output: str = "value", **params: object) -> Floats:
    """An output of an indicator over the vector, as an array of 60."""
    return make(name, 1, **params).batch(HISTORY)[output][:, 0]

"""TradingView's definitions, by a published table: every number of it to six decimals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.strategies.indicators.vector import series

NAN = None
COLUMNS = {
    "SMA5": ("sma", "value", {"length": 5}),
    "EMA5": ("ema", "value", {"length": 5}),
    "RSI14": ("rsi", "value", {}),
    "ATR10": ("atr", "value", {"length": 10}),
    "ST": ("supertrend", "value", {"length": 10, "mult": 2}),
    "direction": ("supertrend", "direction", {"length": 10, "mult": 2}),
    "VWAP": ("vwap", "value", {}),
    "BB20 upper": ("bb", "upper", {}),
    "MACD": ("macd", "macd", {}),
    "signal": ("macd", "signal", {}),
}
TABLE = {
    4: (102.958973, 102.958973, NAN, NAN, NAN, NAN, 102.877581, NAN, NAN, NAN),
    9: (103.926184, 103.118964, NAN, 2.498311, 106.271411, 1, 103.364348, NAN, NAN, NAN),
    14: (97.823383, 97.950506, 37.645850, 2.590264, 101.372286, 1, 101.397215, NAN, NAN, NAN),
    19: (99.120260, 99.899532, 58.953108, 2.555709, 97.248924, -1, 100.767707, 107.066713, NAN, NAN),
    25: (106.683644, 106.174632, 68.691894, 2.469046, 102.308957, -1, 102.113253, 109.405098, 1.915684, NAN),
    29: (104.538744, 103.812399, 47.240572, 2.566460, 106.482313, 1, 102.357362, 109.609065, 1.265418, NAN),
    30: (103.207429, 102.634898, 42.936127, 2.601458, 105.274365, 1, 100.140931, 109.610262, 0.885483, NAN),
    33: (
        99.581440,
        99.748719,
        37.594420,
        2.603559,
        103.253870,
        1,
        99.000904,
        109.417258,
        -0.189728,
        1.090475,
    ),
    45: (
        108.676118,
        107.970566,
        63.582723,
        2.491583,
        104.204119,
        -1,
        103.738062,
        111.434429,
        1.861606,
        1.236299,
    ),
    59: (
        106.368705,
        106.788892,
        67.775776,
        2.540184,
        104.113536,
        -1,
        103.691924,
        111.739827,
        0.811530,
        0.259833,
    ),
}


@pytest.mark.parametrize("place", range(len(COLUMNS)), ids=list(COLUMNS))
def test_every_number_of_the_table(place: int) -> None:
    name, output, params = list(COLUMNS.values())[place]
    found = series(name, output, **params)
    for i, row in TABLE.items():
        expected = row[place]
        if expected is NAN:
            assert np.isnan(found[i]), i
        else:
            assert found[i] == pytest.approx(expected, abs=6e-7), i


@pytest.mark.parametrize(
    ("name", "output", "params", "first"),
    [
        ("sma", "value", {"length": 5}, 4),
        ("rsi", "value", {}, 14),
        ("atr", "value", {"length": 10}, 9),
        ("macd", "macd", {}, 25),
        ("macd", "signal", {}, 33),
        ("adx", "plus", {}, 14),
        ("adx", "adx", {}, 27),
        ("tr", "value", {}, 0),
    ],
)
def test_first_value(name: str, output: str, params: dict[str, int], first: int) -> None:
    found = series(name, output, **params)
    assert np.isnan(found[:first]).all()
    assert not np.isnan(found[first:]).any()

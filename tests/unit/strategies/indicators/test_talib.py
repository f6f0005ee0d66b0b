"""TA-Lib beside ours: the same where the definitions are, and its long tail by name."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from qlplatform.core.errors import OperatorError, UserError
from strategies.indicators import History, talib_tail
from tests.unit.strategies.indicators.vector import CLOSE, HIGH, HISTORY, LOW, series

needs_talib = pytest.mark.skipif(find_spec("talib") is None, reason="TA-Lib is not installed")


@needs_talib
@pytest.mark.parametrize(
    ("name", "output", "params", "talib_name", "talib_output", "talib_params"),
    [
        ("sma", "value", {"length": 5}, "SMA", "real", {"timeperiod": 5}),
        ("ema", "value", {"length": 5}, "EMA", "real", {"timeperiod": 5}),
        ("wma", "value", {"length": 7}, "WMA", "real", {"timeperiod": 7}),
        ("rsi", "value", {}, "RSI", "real", {"timeperiod": 14}),
        ("bb", "upper", {}, "BBANDS", "upperband", {"timeperiod": 20}),
        ("bb", "lower", {}, "BBANDS", "lowerband", {"timeperiod": 20}),
        ("cci", "value", {}, "CCI", "real", {"timeperiod": 20}),
        ("mfi", "value", {}, "MFI", "real", {"timeperiod": 14}),
        ("stochastic", "k", {"smooth_k": 3}, "STOCH", "slowk", {"fastk_period": 14}),
        ("donchian", "upper", {}, "MAX", "real", {"timeperiod": 20, "price": "high"}),
    ],
)
def test_same_where_definitions_agree(
    name: str,
    output: str,
    params: dict[str, Any],
    talib_name: str,
    talib_output: str,
    talib_params: dict[str, Any],
) -> None:
    price = talib_params.pop("price", "close") if "price" in talib_params else "close"
    history = HISTORY if price == "close" else History(open=HIGH, high=HIGH, low=LOW, close=HIGH)
    theirs = talib_tail.batch(talib_name, history, **talib_params)[talib_output][:, 0]
    found = series(name, output, **params)
    assert found[-1] == pytest.approx(theirs[-1], abs=1e-9)
    both = ~np.isnan(theirs) & ~np.isnan(found)
    np.testing.assert_allclose(found[both], theirs[both], atol=1e-9)


@needs_talib
def test_their_macd_is_seeded_differently() -> None:
    theirs = talib_tail.batch("MACD", HISTORY)["macd"][-1, 0]
    assert theirs == pytest.approx(0.805914, abs=6e-7)
    assert series("macd", "macd")[-1] == pytest.approx(0.811530, abs=6e-7)


@needs_talib
def test_long_tail_leaves_missing_bars_out() -> None:
    present = np.ones((60, 2), dtype=bool)
    present[10:15, 1] = False
    two = {name: np.repeat(column[:, None], 2, axis=1) for name, column in
           {"open": CLOSE, "high": HIGH, "low": LOW, "close": CLOSE}.items()}  # fmt: skip
    found = talib_tail.batch("WILLR", History(**two, present=present), timeperiod=14)["real"]
    assert "WILLR" in talib_tail.names()
    assert np.isnan(found[10:15, 1]).all()
    assert not np.isnan(found[18:, 1]).any()
    assert found[-1, 0] == found[-1, 1]


@needs_talib
@pytest.mark.parametrize(
    ("name", "params", "code"),
    [
        ("NOSUCH", {}, "indicator_unknown"),
        ("WILLR", {"length": 3}, "parameter_unknown"),
        ("AD", {}, "volume_missing"),
    ],
)
def test_refused(name: str, params: dict[str, Any], code: str) -> None:
    history = History(open=CLOSE, high=HIGH, low=LOW, close=CLOSE)
    with pytest.raises(UserError) as caught:
        talib_tail.batch(name, history, **params)
    assert caught.value.code == code


def test_absence_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talib_tail, "find_spec", lambda _: None)
    assert not talib_tail.installed()
    with pytest.raises(OperatorError) as caught:
        talib_tail.names()
    assert caught.value.code == "talib_missing"

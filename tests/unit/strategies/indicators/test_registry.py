"""Names, parameters and what is refused, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from qlplatform.core.errors import UserError
from strategies.indicators import DEFINITIONS, Bar, History, definition, make
from tests.unit.strategies.indicators.vector import HISTORY

NAMES = {
    "sma", "ema", "wma", "rma", "rsi", "atr", "tr", "macd", "bb", "supertrend", "vwap", "adx", "stochastic",
    "cci", "donchian", "keltner", "obv", "mfi", "pivots", "orb", "previous_day",
}  # fmt: skip


def test_all_indicators_are_there() -> None:
    assert set(DEFINITIONS) == NAMES
    assert all(found.meaning and found.title and found.outputs for found in DEFINITIONS.values())
    assert {name for name, found in DEFINITIONS.items() if found.needs_volume} == {"vwap", "obv", "mfi"}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_warm_up_is_as_declared(name: str) -> None:
    """Every output is known with bar `warmup` of a session, and some is missing one bar before."""
    found = make(name, 1).batch(HISTORY)
    after = 30 if name in {"pivots", "previous_day"} else 0  # one whole session more
    first = definition(name).warmup() - 1 + after
    assert not any(np.isnan(values[first, 0]) for values in found.values())
    assert first == 0 or any(np.isnan(values[first - 1, 0]) for values in found.values())


def test_defaults_are_within_their_own_bounds() -> None:
    for found in DEFINITIONS.values():
        assert found.values({}) == {param.name: param.default for param in found.params}


@pytest.mark.parametrize(
    ("name", "params", "code"),
    [
        ("rsii", {}, "indicator_unknown"),
        ("rsi", {"period": 14}, "parameter_unknown"),
        ("tr", {"length": 14}, "parameter_unknown"),
        ("rsi", {"length": 0}, "parameter_range"),
        ("rsi", {"length": 5001}, "parameter_range"),
        ("rsi", {"length": "14"}, "parameter_type"),
        ("rsi", {"length": True}, "parameter_type"),
        ("rsi", {"length": 14.5}, "parameter_type"),
        ("rsi", {"length": 10**400}, "parameter_type"),
        ("bb", {"mult": float("nan")}, "parameter_type"),
        ("bb", {"mult": Decimal("sNaN")}, "parameter_type"),
        ("bb", {"mult": 0}, "parameter_range"),
        ("sma", {"source": "median"}, "parameter_range"),
    ],
)
def test_refused(name: str, params: dict[str, Any], code: str) -> None:
    with pytest.raises(UserError) as caught:
        make(name, 1, **params)
    assert caught.value.code == code


def test_numbers_come_as_they_are_written() -> None:
    assert make("bb", 1, length=Decimal(10), mult=Decimal("1.5")).values == {
        "length": 10,
        "mult": 1.5,
        "source": "close",
    }


@pytest.mark.parametrize(
    ("name", "params"), [("vwap", {}), ("obv", {}), ("mfi", {}), ("sma", {"source": "volume"})]
)
def test_indices_have_no_volume(name: str, params: dict[str, Any]) -> None:
    with pytest.raises(UserError) as caught:
        make(name, 1, volume=False, **params)
    assert caught.value.code == "volume_missing"
    with pytest.raises(UserError) as caught:
        make(name, 1, **params).update(Bar([1.0], [1.0], [1.0], [1.0]))
    assert caught.value.code == "volume_missing"


def test_unknown_volume_is_no_bar_for_volume_indicators() -> None:
    kernel = make("obv", 2)
    kernel.update(Bar(*([10.0, 10.0],) * 4, volume=[5.0, 5.0]))
    found = kernel.update(Bar(*([11.0, 11.0],) * 4, volume=[5.0, np.nan]))["value"]
    assert found[0] == 5.0
    assert np.isnan(found[1])


@pytest.mark.parametrize(
    "columns",
    [
        {"volume": [1.0]},
        {"new_session": [True]},
        {"present": [True, True, False]},
    ],
)
def test_bars_must_fit_together(columns: dict[str, Any]) -> None:
    with pytest.raises(UserError) as caught:
        Bar(*([10.0, 10.0],) * 4, **columns)
    assert caught.value.code == "bars_invalid"


def test_a_kernel_is_for_its_number_of_instruments() -> None:
    with pytest.raises(UserError) as caught:
        make("sma", 3).update(Bar(*([10.0, 10.0],) * 4))
    assert caught.value.code == "bars_invalid"
    with pytest.raises(UserError) as caught:
        History(open=[1.0], high=[1.0, 2.0], low=[1.0, 2.0], close=[1.0, 2.0])
    assert caught.value.code == "bars_invalid"

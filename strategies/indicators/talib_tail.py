"""The long tail: TA-Lib's functions by name over a whole history, when that package is installed.

They are not incremental and their seeds are TA-Lib's own, so their values differ from ours for some dozens
of bars (ATR, MACD) or for good; strategies that must trade as they were tested use the registry.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from qlplatform.core.errors import OperatorError, UserError
from strategies.indicators.bars import ALL, Floats, History

_PRICES = ("open", "high", "low", "close", "volume")


def installed() -> bool:
    """Whether the optional package is there."""
    return find_spec("talib") is not None


def names() -> list[str]:
    """The functions there are; OperatorError `talib_missing` without the package."""
    return sorted(_talib().get_functions())


def batch(name: str, history: History, **params: Any) -> dict[str, Floats]:
    """A TA-Lib function over every instrument of a history: outputs of shape (T, N) by TA-Lib's names.

    Moments an instrument did not trade are left out of its series and NaN in the result. Raises
    OperatorError `talib_missing`; UserError `indicator_unknown`, `parameter_unknown`, `volume_missing`.
    """
    function = _function(name)
    unknown = set(params) - set(function.parameters)
    if unknown:
        has = ", ".join(function.parameters) or "no parameters"
        raise UserError(f"{name} has no parameter “{min(unknown)}”; it has {has}.", code="parameter_unknown")
    found = {output: np.full(history.shape, np.nan) for output in function.output_names}
    for column in range(history.n):
        inputs, rows = _inputs(history, column)
        if len(rows):
            _fill(found, column, rows, _called(function, inputs, params))
    return found


def _talib() -> Any:
    if not installed():
        raise OperatorError(
            "TA-Lib is not installed. Install the package “TA-Lib” to use its functions.",
            code="talib_missing",
        )
    return import_module("talib")


def _function(name: str) -> Any:
    known = _talib().get_functions()
    if name.upper() not in known:
        raise UserError(f"TA-Lib has no function “{name}”.", code="indicator_unknown")
    return import_module("talib.abstract").Function(name.upper())


def _inputs(history: History, column: int) -> tuple[dict[str, Floats], Any]:
    """The columns of one instrument, and the moments it traded."""
    bars = list(history)
    whole = {name: _series(bars, name) for name in _PRICES}
    at = [bar.at() for bar in bars]
    rows = np.flatnonzero([place is ALL or column in place for place in at])  # type: ignore[operator]
    return {name: values[rows, column].copy() for name, values in whole.items() if values is not None}, rows


def _series(bars: list[Any], name: str) -> Any:
    if name == "volume" and not bars[0].has_volume:
        return None
    return np.stack([bar.take(name, ALL) for bar in bars])


def _called(function: Any, inputs: dict[str, Floats], params: dict[str, Any]) -> list[Floats]:
    needed = {each for names in function.input_names.values() for each in np.atleast_1d(names)}
    if "volume" in needed and "volume" not in inputs:
        raise UserError(
            f"{function.info['name']} needs volume, and these bars have none.", code="volume_missing"
        )
    result = function(inputs, **params)
    return result if isinstance(result, list) else [result]


def _fill(found: dict[str, Floats], column: int, rows: Any, series: list[Floats]) -> None:
    for values, result in zip(found.values(), series, strict=True):
        values[rows, column] = result

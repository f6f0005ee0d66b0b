"""What rules compute from values of one moment, on numbers or whole arrays of them alike.

Conditions are 1 and 0, NaN is unknown. A result that is no finite number is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

import numpy as np

NAN: Final = float("nan")


def finite(values: Any) -> Any:
    """The values, unknown where they are infinite."""
    return np.where(np.isfinite(values), values, NAN)


def _number(work: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: finite(work(*args))


def _truth(work: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def compare(left: Any, right: Any) -> Any:
        known = np.isfinite(left) & np.isfinite(right)
        return np.where(known, work(left, right), NAN)

    return compare


def both(*parts: Any) -> Any:
    """False where one part is false, else unknown where one is unknown (Kleene)."""
    none_false = reduce(np.fmin, parts)  # passes unknown parts over
    return np.where(none_false == 0, 0.0, reduce(np.minimum, parts))


def either(*parts: Any) -> Any:
    """True where one part is true, else unknown where one is unknown (Kleene)."""
    one_true = reduce(np.fmax, parts)
    return np.where(one_true == 1, 1.0, reduce(np.maximum, parts))


def negation(part: Any) -> Any:
    """Unknown stays unknown."""
    return np.subtract(1.0, part)


def between(value: Any, low: Any, high: Any) -> Any:
    """Both bounds included."""
    return both(_at_least(value, low), _at_least(high, value))


_at_least = _truth(np.greater_equal)

OPERATIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "and": both,
    "or": either,
    "not": negation,
    "<": _truth(np.less),
    "<=": _truth(np.less_equal),
    ">": _truth(np.greater),
    ">=": _at_least,
    "==": _truth(np.equal),
    "!=": _truth(np.not_equal),
    "between": between,
    "+": _number(np.add),
    "-": _number(np.subtract),
    "*": _number(np.multiply),
    "/": _number(np.divide),
    "%": _number(np.remainder),
    "neg": np.negative,
    "abs": np.abs,
    "round": np.rint,
    "min": lambda *parts: reduce(np.minimum, parts),
    "max": lambda *parts: reduce(np.maximum, parts),
    "same": lambda part: part,
}


def derived(column: str, opened: Any, high: Any, low: Any, close: Any, volume: Any) -> Any:
    """A price column of candles; the sums in the order of `strategies.indicators.bars`."""
    if column == "hl2":
        return (high + low) / 2
    if column == "hlc3":
        return ((high + low) + close) / 3
    if column == "ohlc4":
        return (opened + (high + low) + close) / 4
    return {"open": opened, "high": high, "low": low, "close": close, "volume": volume}[column]

"""Every indicator by name: what it needs, what it gives, and a new one made with checked parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from inspect import cleandoc
from typing import Any, Final, NoReturn

from qlplatform.core.errors import UserError
from strategies.indicators import averages, oscillators, sessions, trend, volatility, volume
from strategies.indicators.base import Indicator, Param, Value, Values, volume_missing

_KINDS: Final[tuple[type[Indicator], ...]] = (
    averages.Sma,
    averages.Ema,
    averages.Wma,
    averages.Rma,
    oscillators.Rsi,
    oscillators.Macd,
    oscillators.Stochastic,
    oscillators.Cci,
    oscillators.Mfi,
    volatility.Tr,
    volatility.Atr,
    volatility.Bollinger,
    volatility.Keltner,
    volatility.Donchian,
    trend.Supertrend,
    trend.Adx,
    volume.Vwap,
    volume.Obv,
    sessions.Pivots,
    sessions.PreviousDay,
    sessions.OpeningRange,
)


@dataclass(frozen=True, slots=True)
class Definition:
    """What is known of an indicator by its name."""

    name: str
    title: str
    meaning: str
    params: tuple[Param, ...]
    outputs: tuple[str, ...]
    needs_volume: bool
    needs_sessions: bool
    kind: type[Indicator]

    def values(self, given: Mapping[str, Any]) -> dict[str, Value]:
        """Every parameter with its value, defaults filled in.

        Raises UserError `parameter_unknown`, `parameter_type` or `parameter_range`.
        """
        known = {param.name: param for param in self.params}
        for name in given:
            if name not in known:
                _refuse(
                    "parameter_unknown", f"{self.title} has no parameter “{name}”; it has {_listed(known)}."
                )
        return {name: _value(self, param, given.get(name, param.default)) for name, param in known.items()}

    def warmup(self, **given: Any) -> int:
        """Closed bars it takes until every output is known (plus one whole session for levels of the day
        before).
        """
        return self.kind.warmup(self.values(given))


def _define(kind: type[Indicator]) -> Definition:
    return Definition(
        name=kind.name,
        title=kind.title,
        meaning=cleandoc(kind.__doc__ or ""),
        params=kind.params,
        outputs=kind.outputs,
        needs_volume=kind.needs_volume,
        needs_sessions=kind.needs_sessions,
        kind=kind,
    )


DEFINITIONS: Final[Mapping[str, Definition]] = {kind.name: _define(kind) for kind in _KINDS}


def definition(name: str) -> Definition:
    """The indicator with this name; UserError `indicator_unknown` names those there are."""
    found = DEFINITIONS.get(name)
    if found is None:
        _refuse("indicator_unknown", f"There is no indicator “{name}”. There are: {_listed(DEFINITIONS)}.")
    return found


def make(name: str, n: int, *, volume: bool = True, **params: Any) -> Indicator:
    """A new indicator over n instruments that has seen no bar yet.

    `volume` tells whether the instruments have volume at all; indices have none. Raises UserError
    `indicator_unknown`, `parameter_unknown`, `parameter_type`, `parameter_range` or `volume_missing`.
    """
    wanted = definition(name)
    values = wanted.values(params)
    if not volume and (wanted.needs_volume or values.get("source") == "volume"):
        raise volume_missing(wanted.title)
    return wanted.kind(n, values)


def _value(wanted: Definition, param: Param, given: Any) -> Value:
    if param.choices:
        if given not in param.choices:
            words = ", ".join(param.choices)
            _refuse("parameter_range", f"“{param.name}” of {wanted.title} is one of {words}.")
        return str(given)
    number = _number(wanted, param, given)
    if not param.low <= number <= param.high:
        bounds = f"from {param.low:g} to {param.high:g}"
        _refuse("parameter_range", f"“{param.name}” of {wanted.title} must be {bounds}, not {number:g}.")
    return number


def _number(wanted: Definition, param: Param, given: Any) -> int | float:
    whole = isinstance(param.default, int)
    plain = isinstance(given, int | float | Decimal | Fraction) and not isinstance(given, bool)
    if not plain or not _finite(given) or (whole and given != int(given)):
        kind = "a whole number" if whole else "a number"
        _refuse("parameter_type", f"“{param.name}” of {wanted.title} must be {kind}.")
    return int(given) if whole else float(given)


def _finite(number: Any) -> bool:
    try:
        return math.isfinite(number)
    except (OverflowError, ValueError):  # larger than any float; a signalling NaN
        return False


def _listed(names: Mapping[str, Any]) -> str:
    return ", ".join(names) or "none"


def _refuse(code: str, message: str) -> NoReturn:
    raise UserError(message, code=code)


__all__ = ["DEFINITIONS", "Definition", "Values", "definition", "make"]

"""Every word of the rule language: what it means, what it takes, and what it gives.

Indicators come from `strategies.indicators`: one that is registered there is known here by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from strategies.indicators import DEFINITIONS, Definition, Param

SPOT, FUTURE, SYNTHETIC, VIX, COMBINED, LEG = "SPOT", "FUTURE", "SYNTHETIC", "VIX", "COMBINED", "LEG:"
# What has no volume: an index, a computed price.
WITHOUT_VOLUME: Final = frozenset({SPOT, VIX, SYNTHETIC, COMBINED})


class Type(StrEnum):
    """What an expression is. A series is candles of an instrument; where a number is due it is its close."""

    NUM = "number"
    BOOL = "condition"
    TIME = "time of day"
    SERIES = "series"
    TEXT = "text"


class Kind(StrEnum):
    """The sort of a word."""

    PRICE = "price"
    SERIES = "series"
    INDICATOR = "indicator"
    WINDOW = "window"
    MATH = "math"
    FACT = "fact"
    TIME = "time"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the language, as the editor, the documentation and the checker know it."""

    name: str
    kind: Kind
    type: Type
    signature: str
    meaning: str
    example: str
    unit: str = ""
    of_leg: bool = False
    outputs: tuple[str, ...] = ()
    params: tuple[Param, ...] = ()

    @property
    def default_output(self) -> str:
        """The output meant when none is named; empty when one must be named."""
        return "" if self.name in MUST_NAME_OUTPUT else self.outputs[0]


# The indicators computed from one number per candle: their first argument may be any expression.
OF_A_VALUE: Final = frozenset({"sma", "ema", "wma", "rma", "rsi", "macd", "cci", "bb"})
# High or low, open or close: taking one silently would be a guess.
MUST_NAME_OUTPUT: Final = frozenset({"orb", "previous_day"})

_PRICES: Final = {
    "open": "first price of the candle",
    "high": "highest price of the candle",
    "low": "lowest price of the candle",
    "close": "last price of the candle",
    "hl2": "(high + low) / 2",
    "hlc3": "(high + low + close) / 3",
    "ohlc4": "(open + high + low + close) / 4",
    "volume": "units traded in the candle; an index has none",
}
_SERIES: Final = {
    "spot": (SPOT, "the underlying's index or share price"),
    "future": (FUTURE, "its nearest monthly future"),
    "vix": (VIX, "India VIX, the expected volatility of NIFTY in percent a year"),
    "combined": (COMBINED, "premium of the base legs together, one lot each, + for sold and - for bought"),
}
SERIES_NAMES: Final = {name: instrument for name, (instrument, _) in _SERIES.items()}
_WINDOWS: Final = {
    "prev": ("value some candles ago", "close > prev(high, 1)", 1),
    "highest": ("highest value of the last candles, this one included", "close >= highest(high, 20)", 20),
    "lowest": ("lowest value of the last candles, this one included", "close <= lowest(low, 20)", 20),
    "rising": ("true when each of the last values is above the one before", 'rising(close, 3, "5m")', 3),
    "falling": ("true when each of the last values is below the one before", 'falling(vix, 3, "15m")', 3),
}
MAX_WINDOW: Final = 5000
_MATH: Final = {
    "abs": ("abs(x)", "x without its sign", "abs(future - spot) > 50"),
    "min": ("min(a, b, …)", "the smallest", "close < min(open, 24000)"),
    "max": ("max(a, b, …)", "the largest", "close > max(open, 24000)"),
    "round": (
        "round(x)",
        "nearest whole number; halves go to the even one",
        "round(spot / 100) * 100 == 24000",
    ),
}
_FACTS: Final = {
    "dte": ("calendar days to the earliest expiry of the base legs; 0 on its day", "days", "dte <= 1"),
    "day_pct": ("move of the underlying since the previous close", "percent", "abs(day_pct) < 1"),
    "gap_pct": ("open of the day against the previous close", "percent", "gap_pct between -0.5 and 0.5"),
    "mtm": ("profit of the strategy so far, realised and not", "rupees", "mtm < -2500"),
    "net_delta": ("delta of all open legs together", "units of the underlying", "abs(net_delta) > 30"),
    "pcr": ("open interest of puts over that of calls, the nearest expiry", "ratio", "pcr > 0.8"),
    "atm_iv": ("implied volatility at the money, the nearest expiry", "percent a year", "atm_iv < 14"),
    "iv_rank": ("where atm_iv stands between its lowest and highest of a year", "0 to 100", "iv_rank > 40"),
}  # fmt: skip
_LEG_FACTS: Final = {
    "iv": ("implied volatility of a leg's contract", "percent a year", 'iv("L1") > 20'),
    "delta": ("delta of one unit of a leg's contract, puts negative", "-1 to 1", 'abs(delta("L1")) > 0.35'),
}
_OPERATORS: Final = {
    "or": ("a or b", "true when one of them is", "spot > 24500 or spot < 23500"),
    "and": ("a and b", "true when both are", "spot > 24000 and vix < 16"),
    "not": ("not a", "true when a is false; unknown stays unknown", "not rising(close, 3)"),
    "<": ("a < b", "below", "vix < 16"),
    "<=": ("a <= b", "at most", "dte <= 1"),
    ">": ("a > b", "above", "spot > 24000"),
    ">=": ("a >= b", "at least", 'time >= "10:00"'),
    "==": ("a == b", "the same number", 'supertrend(10, 3, "5m", "direction") == -1'),
    "!=": ("a != b", "another number", "dte != 0"),
    "crosses_above": ("a crosses_above b", "not above b a candle ago, above it now", "vix crosses_above 16"),
    "crosses_below": ("a crosses_below b", "not below b a candle ago, below it now", "vix crosses_below 16"),
    "between": ("x between a and b", "from a to b, both included", "spot between 24000 and 24500"),
    "+": ("a + b", "sum", "spot + 50 < future"),
    "-": ("a - b", "difference; also the sign of a number", "future - spot > 60"),
    "*": ("a * b", "product", 'leg("L1") * 2 > leg("L2")'),
    "/": ("a / b", "quotient; unknown when b is 0", 'leg("L1") / leg("L2") > 1.5'),
    "%": ("a % b", "rest of a division, with the sign of b", "spot % 100 < 20"),
}  # fmt: skip


def _written(param: Param) -> str:
    shown = f'"{param.default}"' if param.choices else f"{param.default:g}"
    return f"{param.name}={shown}"


def _indicator(known: Definition) -> Word:
    of_value = known.name in OF_A_VALUE
    params = tuple(param for param in known.params if not (of_value and param.name == "source"))
    args = ["source" if of_value else "series", *(_written(param) for param in params)]
    if len(known.outputs) > 1:
        args.append('"' + "|".join(known.outputs) + '"')
    volume = " Needs volume: use it on the future or a leg." if known.needs_volume else ""
    return Word(
        known.name,
        Kind.INDICATOR,
        Type.NUM,
        f'{known.name}({", ".join(args)}, "timeframe")',
        f"{known.title}. {known.meaning}{volume}",
        _EXAMPLES.get(known.name, f"{known.name}() > 0"),
        outputs=known.outputs,
        params=params,
    )


_EXAMPLES: Final = {
    "sma": 'close > sma(close, 20, "15m")',
    "ema": 'ema(close, 9, "5m") crosses_above ema(close, 21, "5m")',
    "wma": "close > wma(close, 20)",
    "rma": "close > rma(close, 20)",
    "rsi": 'rsi(close, 14, "5m") crosses_above 60',
    "macd": 'macd(close, 12, 26, 9, "macd", "15m") > macd(close, 12, 26, 9, "signal", "15m")',
    "stochastic": 'stochastic(14, 3, 3, "k", "5m") < 20',
    "cci": 'cci(spot, 20, "5m") > 100',
    "mfi": 'mfi(future, 14, "5m") > 80',
    "tr": 'tr("5m") > 40',
    "atr": 'atr(14, "15m") < 30',
    "bb": 'close > bb(close, 20, 2, "upper", "5m")',
    "keltner": 'close > keltner(20, 2, 10, "upper", "5m")',
    "donchian": 'close >= donchian(20, "upper", "5m")',
    "supertrend": 'supertrend(10, 3, "direction", "5m") == -1',
    "adx": 'adx(14, 14, "5m") > 25',
    "vwap": 'future > vwap(future, "5m")',
    "obv": 'rising(obv(future), 3, "5m")',
    "pivots": 'close > pivots("r1")',
    "previous_day": 'close > previous_day("high")',
    "orb": 'close > orb(3, "high", "5m")',
}


def _all_words() -> list[Word]:
    words = [
        Word(name, Kind.PRICE, Type.NUM, f'{name}(series, "timeframe")', meaning, f'{name}(future, "5m") > 0')
        for name, meaning in _PRICES.items()
    ]
    words += [
        Word(name, Kind.SERIES, Type.SERIES, f'{name}("timeframe")', meaning, f'{name}("5m") > 0')
        for name, (_, meaning) in _SERIES.items()
    ]
    words.append(
        Word(
            "leg", Kind.SERIES, Type.SERIES, 'leg("id", "timeframe")',
            "premium of the contract a leg holds or has selected", 'rsi(leg("L1"), 14, "5m") > 70',
            of_leg=True,
        )
    )  # fmt: skip
    words += [_indicator(known) for known in DEFINITIONS.values()]
    words += [
        Word(
            name, Kind.WINDOW, Type.BOOL if name in {"rising", "falling"} else Type.NUM,
            f'{name}(source, n={count}, "timeframe")', meaning, example,
            params=(Param("n", count, "candles", low=1, high=MAX_WINDOW),),
        )
        for name, (meaning, example, count) in _WINDOWS.items()
    ]  # fmt: skip
    words += [Word(name, Kind.MATH, Type.NUM, *told) for name, told in _MATH.items()]
    return [*words, *_facts()]


def _facts() -> list[Word]:
    facts = [
        Word(name, Kind.FACT, Type.NUM, name, meaning, example, unit)
        for name, (meaning, unit, example) in _FACTS.items()
    ]
    facts += [
        Word(name, Kind.FACT, Type.NUM, f'{name}("id")', meaning, example, unit, of_leg=True)
        for name, (meaning, unit, example) in _LEG_FACTS.items()
    ]
    when = 'clock at the close that is looked at, IST; compare it with "HH:MM"'
    return [*facts, Word("time", Kind.TIME, Type.TIME, "time", when, 'time between "09:30" and "14:30"')]


WORDS: Final = {word.name: word for word in _all_words()}
SCALARS: Final = {name: word for name, word in WORDS.items() if word.kind is Kind.FACT}
OPERATORS: Final = {
    name: Word(name, Kind.OPERATOR, Type.BOOL if name not in {*"+-*/%"} else Type.NUM, *told)
    for name, told in _OPERATORS.items()
}

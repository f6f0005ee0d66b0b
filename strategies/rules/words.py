"""Rules in plain English."""

from __future__ import annotations

from typing import Final

from strategies.rules.bars import Verdict
from strategies.rules.canonical import number
from strategies.rules.catalog import COMBINED, FUTURE, LEG, SPOT, SYNTHETIC, VIX
from strategies.rules.program import (
    Calc,
    Constant,
    Cross,
    Fact,
    Price,
    Program,
    Step,
    Study,
    TimeOfDay,
    Window,
)
from strategies.rules.timeframes import words as candles

_SERIES: Final = {
    SPOT: "the spot",
    FUTURE: "the future",
    SYNTHETIC: "the synthetic future",
    VIX: "India VIX",
    COMBINED: "the combined premium",
}
_COMPARED: Final = {
    "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least", "==": "is", "!=": "is not",
}  # fmt: skip
_MOMENT: Final = {"<": "is before", "<=": "is not after", ">": "is after", ">=": "is not before"}
_FACTS: Final = {
    "dte": "days to expiry",
    "day_pct": "the underlying's move of the day in percent",
    "gap_pct": "the opening gap in percent",
    "mtm": "the strategy's profit in rupees",
    "net_delta": "the net delta of the open legs",
    "pcr": "the put-call ratio",
    "atm_iv": "implied volatility at the money in percent",
    "iv_rank": "the rank of implied volatility",
    "iv": "the implied volatility of leg",
    "delta": "the delta of leg",
}
_PROPER: Final = frozenset({"MACD", "Bollinger", "Keltner", "Donchian", "Wilder's"})
_LINES: Final = {
    "value": "", "middle": "", "k": "", "p": "", "upper": "upper line", "lower": "lower line",
    "signal": "signal line", "d": "average", "plus": "positive direction", "minus": "negative direction",
}  # fmt: skip
_PLAIN_PRICE: Final = {
    SPOT: "the spot price", FUTURE: "the future price", VIX: "India VIX", COMBINED: "the combined premium",
}  # fmt: skip


def describe(program: Program) -> str:
    """The rule as a clause: “the spot price is above 24000 and India VIX is below 16”."""
    return _Words(program).say(len(program.steps) - 1)


def explain(program: Program, verdict: Verdict) -> str:
    """The numbers a verdict saw, and what came out."""
    seen = {each.text for each in program.operands}
    told = [f"{text} was {_figure(verdict.inputs[text])}" for text in verdict.inputs]
    told += [
        f"{text} is not known yet" for text in sorted(seen - set(verdict.inputs)) if "before)" not in text
    ]
    if isinstance(verdict.value, bool):
        told.append("the condition is met" if verdict.value else "the condition is not met")
    return "; ".join(told)


def _figure(value: float) -> str:
    return f"{value:,.4f}".rstrip("0").rstrip(".")


class _Words:
    def __init__(self, program: Program) -> None:
        self._steps = program.steps

    def say(self, number_of: int) -> str:
        step = self._steps[number_of]
        if isinstance(step, Calc):
            return self._calc(step)
        if isinstance(step, Cross):
            way = "above" if step.sign > 0 else "below"
            return f"{self.say(step.left)} crosses {way} {self.say(step.right)}"
        if isinstance(step, Window):
            return self._window(step)
        if isinstance(step, Study):
            return self._study(step)
        return _plain(step)

    def _calc(self, step: Calc) -> str:
        if step.op in {"and", "or"}:
            return f" {step.op} ".join(self._part(arg) for arg in step.args)
        if step.op == "not":
            return f"it is not so that {self._part(step.args[0])}"
        parts = [self.say(arg) for arg in step.args]
        if step.op == "between":
            return f"{parts[0]} is between {parts[1]} and {parts[2]}"
        if step.op in _COMPARED:
            return f"{parts[0]} {self._compared(step)} {parts[1]}"
        return self._arithmetic(step, parts)

    def _compared(self, step: Calc) -> str:
        timed = any(isinstance(self._steps[arg], TimeOfDay) for arg in step.args)
        return _MOMENT.get(step.op, _COMPARED[step.op]) if timed else _COMPARED[step.op]

    def _part(self, number_of: int) -> str:
        step = self._steps[number_of]
        said = self.say(number_of)
        return f"({said})" if isinstance(step, Calc) and step.op in {"and", "or"} else said

    def _arithmetic(self, step: Calc, parts: list[str]) -> str:
        if step.op == "same":
            return parts[0]
        if step.op == "neg":
            return f"-{parts[0]}"
        if step.op in {"abs", "round"}:
            return f"the {'size' if step.op == 'abs' else 'nearest whole number'} of {parts[0]}"
        if step.op in {"min", "max"}:
            return f"the {'smallest' if step.op == 'min' else 'largest'} of {', '.join(parts)}"
        return f"({f' {step.op} '.join(parts)})"

    def _window(self, step: Window) -> str:
        source, frame = self.say(step.source), candles(step.minutes)
        frame = "" if frame in source else f"{frame} "
        count = f"{step.n} {frame}candle{'s' * (step.n > 1)}"
        if step.name in {"rising", "falling"}:
            return f"{source} has {'risen' if step.name == 'rising' else 'fallen'} {count} in a row"
        if step.name == "prev":
            return f"{source} {count} before"
        return f"the {step.name} of {source} over {count}"

    def _study(self, step: Study) -> str:
        known = step.definition
        proper = known.title.split()[0] in _PROPER
        title = known.title if proper else known.title[0].lower() + known.title[1:]
        line = _LINES.get(step.output, step.output)
        line = f"{line} of the " if line and known.name != line else ""
        told = ", ".join(
            f"{name} {_param(value)}" for name, value in step.params if name != "source" or step.source < 0
        )
        of = self.say(step.source) if step.source >= 0 else _series(step.instrument)
        shown = f" ({told})" if told else ""
        frame = candles(step.minutes)
        return f"the {line}{title}{shown} of {of}" + ("" if frame in of else f" on {frame} candles")


def _param(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)


def _plain(step: Step) -> str:
    if isinstance(step, Constant):
        return _moment(int(step.value)) if step.moment else number(step.value)
    if isinstance(step, Price):
        return _price(step)
    if isinstance(step, Fact):
        name, _, leg = step.key.partition(":")
        return f"{_FACTS[name]} {leg}".strip()
    return "the time"


def _price(step: Price) -> str:
    series = _series(step.instrument)
    if step.column == "close" and step.minutes == 1:
        return _PLAIN_PRICE.get(step.instrument, f"{series}'s price")
    return f"{series}'s {candles(step.minutes)} {step.column}"


def _series(instrument: str) -> str:
    return _SERIES.get(instrument) or f"leg {instrument.removeprefix(LEG)}"


def _moment(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")

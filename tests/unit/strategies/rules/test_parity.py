"""A rule says the same over a whole history and minute by minute, whatever it is and whatever is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.indicators import DEFINITIONS, Param
from strategies.rules import RuleHistory, RuleInvalid, Type, compile_rule
from strategies.rules.catalog import OF_A_VALUE
from tests.unit.strategies.rules.histories import days, history, walk

NUMBERS = ("0", "0.5", "50", "24000", "-1", "100")
FRAMES = ("1m", "2m", "3m", "5m", "15m", "75m", "1d")
SERIES = ("spot", "future", "vix", "combined", 'leg("L1")')
PRICES = ("close", "open", "high", "low", "hl2", "hlc3", "ohlc4")
FACTS = ("mtm", "pcr", "dte", 'delta("L1")', "day_pct")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=", "crosses_above", "crosses_below")
UNFORESEEN = {"timeframe_conflict", "cross_constant"}
TRADED = ("FUTURE", "LEG:L1")  # what has volume


def param(known: Param) -> st.SearchStrategy[str]:
    if known.choices:
        return st.just(f'{known.name}="{known.default}"')
    values = st.sampled_from([0.5, 2.0]) if known.kind == "float" else st.integers(int(known.low), 12)
    return values.map(lambda value: f"{known.name}={value}")


@st.composite
def indicators(draw: st.DrawFn, frame: str, inner: st.SearchStrategy[str], name: str = "") -> str:
    known = DEFINITIONS[name or draw(st.sampled_from(sorted(DEFINITIONS)))]
    args = [draw(param(each)) for each in known.params if each.name != "source"]
    output = draw(st.sampled_from(known.outputs))
    series = draw(st.sampled_from(["future", 'leg("L1")'] if known.needs_volume else SERIES))
    value = draw(inner)
    # A bare number in front is the indicator's first parameter.
    source = series if known.name not in OF_A_VALUE else "close" if value in NUMBERS else value
    return f"{known.name}({', '.join([source, repr(output), frame, *args])})"


@st.composite
def numbers(draw: st.DrawFn, frame: str, depth: int) -> str:
    inner = numbers(frame, depth - 1) if depth else st.sampled_from(SERIES + PRICES)
    kind = draw(st.sampled_from(["plain", "price"] + ["sum", "window", "study", "study"] * (depth > 0)))
    if kind == "plain":
        return draw(st.sampled_from(NUMBERS + SERIES + FACTS))
    if kind == "price":
        return f"{draw(st.sampled_from(PRICES))}({draw(st.sampled_from(SERIES))}, {frame})"
    if kind == "sum":
        return f"({draw(inner)} {draw(st.sampled_from('+-*/%'))} {draw(inner)})"
    if kind == "window":
        name = draw(st.sampled_from(["prev", "highest", "lowest"]))
        return f"{name}({draw(inner)}, {draw(st.integers(1, 5))}, {frame})"
    return draw(indicators(frame, inner))


@st.composite
def conditions(draw: st.DrawFn, depth: int) -> str:
    frame, other = (f'"{draw(st.sampled_from(FRAMES))}"' for _ in range(2))
    kind = draw(
        st.sampled_from(["run", "fact", "compare", "compare"] + ["not", "join", "join"] * (depth > 0))
    )
    if kind == "run":
        name = draw(st.sampled_from(["rising", "falling"]))
        return f"{name}({draw(numbers(frame, 2))}, {draw(st.integers(1, 4))}, {frame})"
    if kind == "fact":
        return draw(st.sampled_from(['time >= "09:40"', 'time between "09:20" and "10:01:30"', "dte != 0"]))
    if kind == "compare":
        return f"{draw(numbers(frame, 2))} {draw(st.sampled_from(COMPARISONS))} {draw(numbers(other, 1))}"
    if kind == "not":
        return f"not ({draw(conditions(depth - 1))})"
    left, right = (draw(conditions(depth - 1)) for _ in range(2))
    return f"({left}) {draw(st.sampled_from(['and', 'or']))} ({right})"


@st.composite
def worlds(draw: st.DrawFn) -> RuleHistory:
    seed, holes = draw(st.integers(0, 2**32)), draw(st.sampled_from([0.0, 0.05, 0.5]))
    minutes = draw(st.sampled_from([7, 40, 90]))
    keep = np.random.default_rng(seed).random(4 * minutes) >= draw(st.sampled_from([0.0, 0.1, 0.4]))
    ends, opens, closes = days(draw(st.integers(1, 4)), minutes, keep)
    count = len(ends)
    names = ("SPOT", "FUTURE", "VIX", "COMBINED", "LEG:L1")
    candles = {name: walk(count, seed + i, holes, 100.0 * (i + 1)) for i, name in enumerate(names)}
    for name in set(names) - set(TRADED):
        candles[name] = candles[name]._replace(volume=np.full(count, np.nan))
    facts = {
        name: walk(count, seed + 9 + i, holes, 0.0).close for i, name in enumerate(("mtm", "pcr", "dte"))
    }
    return history(ends, opens, closes, candles, **facts, **{"delta:L1": candles["VIX"].close})


def same(text: str, want: Type, world: RuleHistory) -> None:
    try:
        rule = compile_rule(text, legs=["L1"], want=want)
    except RuleInvalid as invalid:  # only for what the generator cannot know
        if {error.code for error in invalid.errors} <= UNFORESEEN:
            return
        raise
    whole, live = rule.verdicts(world), rule.live()
    for i, bar in enumerate(world.bars()):
        found, expected = live.feed(bar), whole[i]
        assert (found is None) == (expected is None)
        if found and expected:
            assert (found.at, flat(found.inputs)) == (expected.at, flat(expected.inputs))
            assert repr(found.value) == repr(expected.value)


def flat(inputs: Any) -> list[tuple[str, float]]:
    return [(name, float(value)) for name, value in inputs.items()]


@settings(max_examples=250, deadline=None)
@given(text=conditions(2), world=worlds())
def test_conditions(text: str, world: RuleHistory) -> None:
    same(text, Type.BOOL, world)


@settings(max_examples=150, deadline=None)
@given(text=numbers('"3m"', 3), world=worlds())
def test_numbers(text: str, world: RuleHistory) -> None:
    same(text, Type.NUM, world)


@pytest.mark.parametrize("name", sorted(DEFINITIONS))
@settings(max_examples=15, deadline=None)
@given(data=st.data(), world=worlds(), frame=st.sampled_from(["1m", "5m", "15m", "1d"]))
def test_every_indicator(name: str, data: st.DataObject, world: RuleHistory, frame: str) -> None:
    plain = st.sampled_from(SERIES + PRICES)
    one, other = (data.draw(indicators(f'"{frame}"', plain, name)) for _ in range(2))
    same(f"{one} crosses_above {other} or rising({one}, 2)", Type.BOOL, world)

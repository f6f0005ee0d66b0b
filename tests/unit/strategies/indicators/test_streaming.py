"""One kernel, however it is fed: live or history, alone or among many, with and without missing bars."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.indicators import DEFINITIONS, Bar, History, make
from strategies.indicators.bars import Floats

NAMES = sorted(DEFINITIONS)
SHORT: dict[str, dict[str, int]] = {
    "macd": {"fast": 3, "slow": 6, "signal": 4},
    "adx": {"length": 3, "smoothing": 4},
    "stochastic": {"length": 5, "smooth_k": 2, "smooth_d": 3},
    "keltner": {"length": 6, "atr_length": 4},
    "orb": {"bars": 3},
}
FIELDS = ("open", "high", "low", "close", "volume")


def params(name: str) -> dict[str, int]:
    """Short lengths, so that everything has warmed up within a few bars."""
    plain = {"length": 5} if any(p.name == "length" for p in DEFINITIONS[name].params) else {}
    return SHORT.get(name, plain)


def columns(bars: int, n: int, seed: int) -> dict[str, Any]:
    """Prices with jumps, standstills and zero volumes; sessions of eleven bars."""
    rng = np.random.default_rng(seed)
    steps = rng.choice(
        [0.0, 0.05, -0.05, 3.1, -3.3, 250.0], size=(bars, n), p=[0.3, 0.25, 0.25, 0.1, 0.09, 0.01]
    )
    close = 20_000 + np.cumsum(steps, axis=0)
    reach = rng.choice([0.0, 0.05, 2.35], size=(2, bars, n))
    return {
        "open": close - steps,
        "high": np.maximum(close, close - steps) + reach[0],
        "low": np.minimum(close, close - steps) - reach[1],
        "close": close,
        "volume": rng.choice([0.0, 65.0, 1300.0], size=(bars, n)),
        "new_session": np.arange(bars) % 11 == 0,
    }


def one(data: dict[str, Any], column: int) -> dict[str, Any]:
    """The columns of a single instrument."""
    return {name: values if values.ndim == 1 else values[:, [column]] for name, values in data.items()}


def equal(left: dict[str, Floats], right: dict[str, Floats]) -> None:
    assert left.keys() == right.keys()
    for output, values in left.items():
        np.testing.assert_array_equal(values, right[output], output)


@pytest.mark.parametrize("name", NAMES)
@given(bars=st.integers(1, 60), n=st.integers(1, 5), seed=st.integers(0, 2**32 - 1), cut=st.integers(0, 60))
@settings(max_examples=15)
def test_history_then_live_is_the_whole_history(name: str, bars: int, n: int, seed: int, cut: int) -> None:
    data = columns(bars, n, seed)
    whole = make(name, n, **params(name)).batch(History(**data))
    kernel = make(name, n, **params(name))
    past = kernel.batch(History(**{key: values[:cut] for key, values in data.items()}))
    live = [kernel.update(Bar(**{key: values[i] for key, values in data.items()})) for i in range(cut, bars)]
    joined = {out: np.concatenate([past[out], *([row[out]] for row in live)]) for out in whole}
    equal(joined, whole)


@pytest.mark.parametrize("name", NAMES)
@given(n=st.integers(2, 5), seed=st.integers(0, 2**32 - 1), gaps=st.floats(0, 0.9))
@settings(max_examples=15)
def test_missing_bars_leave_the_others_and_ones_own_state_alone(
    name: str, n: int, seed: int, gaps: float
) -> None:
    """With bars missing here and there every instrument has what it has alone, fed only its own bars."""
    data = columns(45, n, seed)
    present = np.random.default_rng(seed + 1).uniform(size=(45, n)) >= gaps
    together = make(name, n, **params(name)).batch(History(**data, present=present))
    for column in range(n):
        traded = present[:, column]
        alone = make(name, 1, **params(name)).batch(alone_bars(data, column, traded))
        for output, values in together.items():
            assert np.isnan(values[~traded, column]).all()
            np.testing.assert_array_equal(values[traded, column], alone[output][traded, 0], output)


def alone_bars(data: dict[str, Any], column: int, traded: Any) -> list[Bar]:
    """The instrument by itself; the clock goes on over bars it missed, so that sessions and ranges do too."""
    history = one(data, column)
    return [
        Bar(**{key: values[i] for key, values in history.items()}, present=traded[[i]])
        for i in range(len(traded))
    ]


@pytest.mark.parametrize("name", [n for n in NAMES if not DEFINITIONS[n].needs_sessions])
def test_a_gap_is_as_if_the_bar_had_never_been(name: str) -> None:
    data = columns(60, 3, 1)
    keep = np.arange(60) % 4 != 1
    gappy = make(name, 3, **params(name)).batch(History(**data, present=np.repeat(keep[:, None], 3, axis=1)))
    dense = make(name, 3, **params(name)).batch(
        History(**{key: values[keep] for key, values in data.items()})
    )
    equal({output: values[keep] for output, values in gappy.items()}, dense)


@pytest.mark.parametrize("name", NAMES)
def test_a_bar_without_prices_counts_as_missing(name: str) -> None:
    data = columns(40, 2, 3)
    marked = np.ones((40, 2), dtype=bool)
    marked[7:12, 1] = False
    told = make(name, 2, **params(name)).batch(History(**data, present=marked))
    data["low"][7:12, 1] = np.nan
    equal(make(name, 2, **params(name)).batch(History(**data)), told)


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_the_callers_to_keep(name: str) -> None:
    data = columns(40, 2, 4)
    kernel, twin = make(name, 2, **params(name)), make(name, 2, **params(name))
    for i in range(40):
        bar = {key: np.array(values[i]) for key, values in data.items()}
        found = kernel.update(Bar(**bar))
        equal(found, twin.update(Bar(**bar)))
        for values in found.values():
            values[:] = -1.0  # spoils neither the state nor later outputs
        for values in bar.values():
            values[...] = 0


@pytest.mark.parametrize("name", ["sma", "wma", "bb", "cci"])
def test_no_drift_over_thousands_of_bars(name: str) -> None:
    """Large prices that jump, then stand still: exact again, long after."""
    rng = np.random.default_rng(5)
    close = np.concatenate([rng.uniform(10, 90_000, 5500), np.full(1100, 51_234.55)])
    history = History(open=close, high=close, low=close, close=close)
    found = make(name, 1, length=20).batch(history)
    expected = {"middle": 51_234.55, "upper": 51_234.55, "lower": 51_234.55}
    settled = {"cci": {"value": 0.0}, "bb": expected}.get(name, {"value": 51_234.55})
    for output, value in settled.items():
        np.testing.assert_allclose(found[output][-1, 0], value, rtol=0, atol=1e-9)


def test_standstill_has_no_direction() -> None:
    flat = np.full((40, 1), 100.1)
    history = History(open=flat, high=flat, low=flat, close=flat, volume=np.zeros((40, 1)))
    last = {name: make(name, 1).batch(history) for name in ("rsi", "mfi", "cci", "stochastic", "adx", "obv")}
    assert [float(last[name]["value"][-1, 0]) for name in ("rsi", "mfi", "cci", "obv")] == [
        100.0,
        50.0,
        0.0,
        0.0,
    ]
    assert last["stochastic"]["k"][-1, 0] == 50.0
    assert last["adx"]["adx"][-1, 0] == 0.0


def test_session_levels_need_the_opening() -> None:
    """Begun in the middle of a day: nothing until the next opening, and no half day as the previous one."""
    data = columns(33, 1, 6)
    late = History(**{key: values[5:] for key, values in data.items()})
    full = make("previous_day", 1).batch(History(**data))["high"][5:, 0]
    found = make("previous_day", 1).batch(late)["high"][:, 0]
    assert np.isnan(found[:17]).all()  # the rest of the half day, and the first whole one
    np.testing.assert_array_equal(found[17:], full[17:])
    assert np.isnan(make("vwap", 1).batch(late)["value"][:6]).all()
    assert np.isnan(make("orb", 1, bars=2).batch(late)["high"][:8]).all()

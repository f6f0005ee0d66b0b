"""How fast indicators take one closed bar of many instruments, beside TA-Lib's streaming functions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from strategies.indicators import DEFINITIONS, Bar, make

N = 5000
SEED = 20261123
WARM_BARS = 60
BARS = 200
WINDOW = 100  # what a streaming function is given: enough for its recursive means
SAMPLE = 250  # instruments TA-Lib is measured on; its cost grows evenly with their number

# Eight that TA-Lib has too, with its names and parameters.
EIGHT: dict[str, tuple[str, dict[str, Any]]] = {
    "sma": ("SMA", {"timeperiod": 20}),
    "ema": ("EMA", {"timeperiod": 20}),
    "rsi": ("RSI", {"timeperiod": 14}),
    "atr": ("ATR", {"timeperiod": 14}),
    "macd": ("MACD", {}),
    "bb": ("BBANDS", {"timeperiod": 20}),
    "adx": ("ADX", {"timeperiod": 14}),
    "cci": ("CCI", {"timeperiod": 20}),
}
TREND = ("ema", "rsi", "atr", "macd", "bb", "supertrend", "vwap", "orb")


def run(args: list[str]) -> Iterator[dict[str, Any]]:
    """Random walks of 5,000 instruments, one bar after another."""
    bars = _bars(WARM_BARS + BARS)
    ours = _per_bar(EIGHT, bars)
    yield _row("bar_ms", ours, "ms", f"one bar through {', '.join(EIGHT)}; median of {BARS} bars")
    yield _row("bar_ms_trend", _per_bar(TREND, bars), "ms", f"one bar through {', '.join(TREND)}")
    gaps = _per_bar(EIGHT, _bars(WARM_BARS + BARS, missing=0.2))
    yield _row("bar_ms_gaps", gaps, "ms", "the first eight, every instrument missing a fifth of its bars")
    everything = _per_bar(DEFINITIONS, bars)
    yield _row("bar_ms_all", everything, "ms", f"all {len(DEFINITIONS)} indicators of the registry")
    peer = _talib_ms(bars)
    if peer is not None:
        yield _row(
            "ratio_talib_stream", peer / ours, "x", f"talib.stream on windows of {WINDOW} bars: {peer:.0f} ms"
        )


def _row(metric: str, value: float, unit: str, note: str) -> dict[str, Any]:
    return {"metric": metric, "value": round(value, 3), "unit": unit, "n": N, "note": note}


def _bars(count: int, missing: float = 0.0) -> list[Bar]:
    rng = np.random.default_rng(SEED)
    start = rng.uniform(50, 500, N)
    close = start * np.exp(np.cumsum(rng.normal(0, 0.001, (count + 1, N)), axis=0))
    return [
        _bar(rng, before, after, first=k == 0, missing=missing)
        for k, (before, after) in enumerate(pairwise(close))
    ]


def _bar(rng: Any, before: Any, after: Any, *, first: bool, missing: float) -> Bar:
    high = np.maximum(before, after) * (1 + rng.uniform(0, 0.001, N))
    low = np.minimum(before, after) * (1 - rng.uniform(0, 0.001, N))
    volume = rng.integers(0, 10_000, N)
    present = rng.uniform(size=N) >= missing if missing else None
    return Bar(before, high, low, after, volume, new_session=np.full(N, first), present=present)


def _per_bar(names: Any, bars: list[Bar]) -> float:
    """Milliseconds of the median bar through a fresh set of indicators."""
    kernels = [make(name, N) for name in names]
    took = [_timed(lambda bar=bar: [kernel.update(bar) for kernel in kernels]) for bar in bars]  # type: ignore[misc]
    return float(np.median(took[WARM_BARS:])) * 1000


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _talib_ms(bars: list[Bar]) -> float | None:
    try:
        from talib import stream  # noqa: PLC0415 - a peer that may not be installed
    except ImportError:
        return None
    columns = {
        name: np.stack([bar.take(name, slice(None)) for bar in bars[-WINDOW:]])[:, :SAMPLE].T.copy()
        for name in ("high", "low", "close")
    }

    def one_bar() -> None:
        for high, low, close in zip(columns["high"], columns["low"], columns["close"], strict=True):
            for talib_name, params in EIGHT.values():
                wanted = (high, low, close) if talib_name in {"ATR", "ADX", "CCI"} else (close,)
                getattr(stream, talib_name)(*wanted, **params)

    return float(np.median([_timed(one_bar) for _ in range(9)])) * 1000 * N / SAMPLE

"""How fast and how exactly option chains are turned into implied volatility and Greeks, on one core."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from benches.peers.options import PEERS
from markets.domain.pricing import black76
from markets.domain.pricing.implied import iv_and_greeks
from markets.domain.pricing.normal import Floats

SEED = 76
FORWARD, RATE = 24_350.0, 0.065
CHAIN, BATCH = 5_000, 250_000
ROUNDS = 200
PEER_ROUNDS = 10
TIME_VALUE = 0.05  # rupees: a tick
SHORTEST, LONGEST = 15 / (365 * 24 * 60), 90 / 365


class Quotes(NamedTuple):
    """Quotes with the volatility they were priced at."""

    price: Floats
    w: Floats
    forward: Floats
    strike: Floats
    years: Floats
    rate: Floats
    vol: Floats


def run(args: list[str]) -> Iterator[dict[str, Any]]:
    """The first argument: how often the chain is solved (the best counts)."""
    rounds = int(args[0]) if args else ROUNDS
    chain, batch = quotes(CHAIN), quotes(BATCH)
    seconds = best(lambda: iv_and_greeks(*chain[:6]), rounds)
    note = "IV, delta, gamma, vega, theta; 15 min to 90 days, +-3.5 sd; one core, best run"
    yield row("batch_5000_ms", round(seconds * 1000, 3), "ms", CHAIN, note)
    large = best(lambda: iv_and_greeks(*batch[:6]), max(rounds // 8, 3))
    yield row("quotes_per_s", round(BATCH / large), "quotes/s", BATCH, note)
    yield row("iv_max_error", worst(batch), "volatility", BATCH, "where time value >= 0.05")
    yield from ratios(chain, seconds)


def quotes(count: int) -> Quotes:
    """Seeded quotes: 15 minutes to 90 days, 3.5 standard deviations to both sides, 8 to 60 % volatility."""
    random = np.random.default_rng(SEED)
    years = np.exp(random.uniform(np.log(SHORTEST), np.log(LONGEST), count))
    vol = random.uniform(0.08, 0.60, count)
    strike = FORWARD * np.exp(random.uniform(-3.5, 3.5, count) * vol * np.sqrt(years))
    w = random.choice([1.0, -1.0], count)
    forward, rate = np.full(count, FORWARD), np.full(count, RATE)
    price = black76.price(w, forward, strike, years, vol, rate)
    return Quotes(price, w, forward, strike, years, rate, vol)


def worst(asked: Quotes) -> float:
    """The largest error of a volatility; infinite when a quote that has one came back without."""
    intrinsic = np.exp(-asked.rate * asked.years) * np.maximum(asked.w * (asked.forward - asked.strike), 0.0)
    counts = asked.price - intrinsic >= TIME_VALUE
    error = np.abs(iv_and_greeks(*asked[:6]).iv - asked.vol)[counts]
    return float(np.max(np.where(np.isnan(error), np.inf, error)))


def ratios(chain: Quotes, seconds: float) -> Iterator[dict[str, Any]]:
    """How many times faster than each installed peer, for the same quotes and the same five numbers."""
    for name, peer in PEERS.items():
        try:
            work = peer(*chain[:6])
        except ImportError as error:
            print(f"{name} is not measured: {error}", file=sys.stderr)  # noqa: T201
            continue
        theirs = best(work, PEER_ROUNDS)
        note = f"{name} {theirs * 1000:.2f} ms for the same quotes and numbers"
        yield row(f"ratio_{name}", round(theirs / seconds, 2), "times faster", CHAIN, note)


def best(work: Callable[[], object], rounds: int) -> float:
    """Seconds of the quickest of some runs."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def row(metric: str, value: float, unit: str, n: int, note: str) -> dict[str, Any]:
    """One line of the result."""
    return {"metric": metric, "value": value, "unit": unit, "n": n, "note": note}

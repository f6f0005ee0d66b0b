"""What is quoted of one expiry, and which price of a contract the chain works with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]

CALL, PUT = 0, 1
W = np.array([[1.0], [-1.0]])
"""+1 for calls, -1 for puts, as the pricing kernels take it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a quote is good enough. Spread as a share of the mid, prices in rupees, volatility as a decimal,
    age in seconds.
    """

    max_spread: float = 0.30
    min_price: float = 0.10
    max_iv_error: float = 0.05
    stale_after_s: float = 120.0
    tick: float = 0.05


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, eq=False)
class ChainQuotes:
    """The quotes of one expiry: `strikes` [n] in rupees, everything else [2, n].

    Prices are rupees, NaN where there is none; quantities, volume and open interest are units, 0 where there
    is none; `age` is seconds since the contract was quoted, NaN if it never was.
    """

    strikes: Floats
    ltp: Floats
    bid: Floats
    ask: Floats
    bid_qty: Ints
    ask_qty: Ints
    volume: Ints
    oi: Ints
    oi_chg: Ints
    age: Floats

    @property
    def has_book(self) -> bool:
        """Whether anything of this chain has a bid or an ask; recorded closes have none."""
        return bool((np.isfinite(self.bid) | np.isfinite(self.ask)).any())


class Basis(IntEnum):
    """What a used price is."""

    NONE = 0
    MID = 1
    LAST = 2


class UsedPrices(NamedTuple):
    """Price [2, n] in rupees (NaN for none), its basis, whether it is stale, and half the spread (half a tick
    for last prices): how far the true value may be away.
    """

    price: Floats
    basis: Codes
    stale: Flags
    half_spread: Floats


def used_prices(quotes: ChainQuotes, limits: Limits = DEFAULT_LIMITS) -> UsedPrices:
    """The mid of a two-sided quote whose spread is within the limit, else the last price.

    A last price is stale when the chain has a book and this contract's is unusable; any price is when it is
    older than `limits.stale_after_s`.
    """
    mid = (quotes.bid + quotes.ask) / 2
    spread = quotes.ask - quotes.bid
    with np.errstate(invalid="ignore"):
        two_sided = (quotes.bid > 0) & (spread >= 0) & (spread <= limits.max_spread * mid)
        traded = quotes.ltp > 0
        old = quotes.age > limits.stale_after_s
    price = np.where(two_sided, mid, np.where(traded, quotes.ltp, np.nan))
    basis = np.where(two_sided, Basis.MID, np.where(traded, Basis.LAST, Basis.NONE)).astype(np.int8)
    stale = (basis != Basis.NONE) & (old | (~two_sided & quotes.has_book))
    half = np.where(two_sided, np.maximum(spread, limits.tick), limits.tick) / 2
    return UsedPrices(price, basis, stale, half)


def in_paise(rupees: Floats) -> list[int | None]:
    """Prices at the edge: whole paise, halves up, None for NaN."""
    known = np.isfinite(rupees)
    paise = np.floor(np.where(known, rupees, 0.0) * 100 + 0.5 + 1e-6).astype(np.int64)
    return [value if there else None for value, there in zip(paise.tolist(), known.tolist(), strict=True)]

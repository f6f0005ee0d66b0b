"""The chain of one expiry: from quotes, forward and convention to prices used, IVs, Greeks and figures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from markets.domain.chain.figures import (
    ChainFigures,
    atm_index,
    known,
    max_pain,
    ratio,
    skew,
    totals,
)
from markets.domain.chain.quotes import (
    CALL,
    DEFAULT_LIMITS,
    PUT,
    ChainQuotes,
    Limits,
    UsedPrices,
    W,
    used_prices,
)
from markets.domain.chain.volatility import NO_FORWARD, StrikeIvs, strike_ivs
from markets.domain.pricing import black76
from markets.domain.pricing.black76 import Greeks
from markets.domain.pricing.conventions import Convention
from markets.domain.pricing.forward import Forward


@dataclass(frozen=True, slots=True, eq=False)
class ChainTable:
    """One expiry at one instant. `greeks` are [2, n], per unit, in the units of the pricing kernels (vega per
    vol point, theta per calendar day); NaN where a strike has no IV. `forward` says how it was found; without
    one there is neither IV nor Greek.
    """

    quotes: ChainQuotes
    used: UsedPrices
    forward: Forward | None
    years: float
    convention: Convention
    ivs: StrikeIvs
    greeks: Greeks
    figures: ChainFigures
    atm: int | None


def chain_table(
    quotes: ChainQuotes,
    *,
    forward: Forward | None,
    years: float,
    convention: Convention,
    limits: Limits = DEFAULT_LIMITS,
) -> ChainTable:
    """The chain of one expiry, `years` before its expiry instant."""
    used = used_prices(quotes, limits)
    figures = _of_interest(quotes)
    if forward is None or not len(quotes.strikes):
        ivs, nothing = _no_ivs(len(quotes.strikes)), _no_greeks(len(quotes.strikes))
        return ChainTable(quotes, used, forward, years, convention, ivs, nothing, figures, None)
    ivs = strike_ivs(
        quotes.strikes, used, forward=forward.value, years=years, rate=convention.rate, limits=limits
    )
    greeks = black76.greeks(W, forward.value, quotes.strikes, years, ivs.iv, convention.rate)
    atm = atm_index(quotes.strikes, forward.value)
    iv = known(ivs.iv[atm])
    reversal, butterfly = skew(greeks.delta, ivs.iv, iv)
    figures = replace(
        figures,
        atm_strike=float(quotes.strikes[atm]),
        atm_iv=iv,
        straddle=known(used.price[CALL, atm] + used.price[PUT, atm]),
        expected_move=None if iv is None else float(iv * forward.value * np.sqrt(years)),
        risk_reversal=reversal,
        butterfly=butterfly,
    )
    return ChainTable(quotes, used, forward, years, convention, ivs, greeks, figures, atm)


def _of_interest(quotes: ChainQuotes) -> ChainFigures:
    """The figures of open interest and volume, which need no forward."""
    sums = totals(quotes)
    return ChainFigures(
        max_pain=max_pain(quotes.strikes, quotes.oi[CALL], quotes.oi[PUT]),
        pcr_oi=ratio(sums["put_oi"], sums["call_oi"]),
        pcr_volume=ratio(sums["put_volume"], sums["call_volume"]),
        **sums,
    )


def _no_ivs(strikes: int) -> StrikeIvs:
    nothing = np.full(strikes, np.nan)
    return StrikeIvs(nothing, np.full(strikes, NO_FORWARD, dtype=np.int8), nothing)


def _no_greeks(strikes: int) -> Greeks:
    nothing = np.full((2, strikes), np.nan)
    return Greeks(*([nothing] * len(Greeks._fields)))

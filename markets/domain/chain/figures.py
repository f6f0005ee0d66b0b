"""Figures of a whole chain: put-call ratios, max pain, straddle, skew, expected move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from markets.domain.chain.quotes import CALL, PUT, ChainQuotes, Floats, Ints

SKEW_DELTA = 0.25


@dataclass(frozen=True, slots=True)
class ChainFigures:
    """Rupees, decimals a year, units; None where the chain does not say.

    `expected_move` is one standard deviation until expiry, ATM IV x forward x sqrt(T). `risk_reversal` is the
    IV of the 25-delta call less that of the 25-delta put, `butterfly` their mean less the ATM IV.
    """

    atm_strike: float | None = None
    atm_iv: float | None = None
    straddle: float | None = None
    expected_move: float | None = None
    risk_reversal: float | None = None
    butterfly: float | None = None
    max_pain: float | None = None
    pcr_oi: float | None = None
    pcr_volume: float | None = None
    call_oi: int = 0
    put_oi: int = 0
    call_oi_chg: int = 0
    put_oi_chg: int = 0
    call_volume: int = 0
    put_volume: int = 0


def atm_index(strikes: Floats, forward: float) -> int:
    """The strike nearest to the forward; the lower of two equally near."""
    return int(np.argmin(np.abs(strikes - forward)))


def max_pain(strikes: Floats, call_oi: Ints, put_oi: Ints) -> float | None:
    """The strike at which, were it the settlement, all open options together would be worth least; the lowest
    of equals, None without open interest.
    """
    if not (call_oi.any() or put_oi.any()):
        return None
    gap = strikes[:, None] - strikes[None, :]  # [settlement, strike]
    worth = np.maximum(gap, 0) @ call_oi + np.maximum(-gap, 0) @ put_oi
    return float(strikes[int(np.argmin(worth))])


def ratio(puts: int, calls: int) -> float | None:
    """Puts per call, None without calls."""
    return puts / calls if calls else None


def iv_at_delta(delta: Floats, iv: Floats, wanted: float) -> float | None:
    """The IV where the out-of-the-money side of one right has this delta, interpolated between strikes; None
    outside the strikes that have an IV.
    """
    known = np.isfinite(delta) & np.isfinite(iv)
    size, value = np.abs(delta[known]), iv[known]
    if len(size) < 2 or not size.min() <= wanted <= size.max():  # noqa: PLR2004 - a line needs two points
        return None
    order = np.argsort(size)
    return float(np.interp(wanted, size[order], value[order]))


def skew(delta: Floats, iv: Floats, atm_iv: float | None) -> tuple[float | None, float | None]:
    """Risk reversal and butterfly at 25 delta."""
    call = iv_at_delta(delta[CALL], iv, SKEW_DELTA)
    put = iv_at_delta(delta[PUT], iv, SKEW_DELTA)
    if call is None or put is None:
        return None, None
    return call - put, None if atm_iv is None else (call + put) / 2 - atm_iv


def totals(quotes: ChainQuotes) -> dict[str, int]:
    """Open interest, its change and volume of both sides, in units."""
    return {
        f"{side}_{name}": int(getattr(quotes, name)[row].sum())
        for row, side in ((CALL, "call"), (PUT, "put"))
        for name in ("oi", "oi_chg", "volume")
    }


def known(value: float) -> float | None:
    """None for NaN."""
    return float(value) if np.isfinite(value) else None

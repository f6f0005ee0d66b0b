"""Implied volatility, delta, gamma, vega and theta of quotes by other libraries, each called as it is meant
to be: arrays where it takes arrays, else quote by quote.

A peer is given the quotes and returns the work to be timed; ImportError says it is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from markets.domain.pricing.normal import Floats

Work = Callable[[], list[Any]]


def vollib(price: Floats, w: Floats, forward: Floats, strike: Floats, years: Floats, rate: Floats) -> Work:
    """Jäckel's LetsBeRational and Python formulas, one quote a call."""
    from vollib.black.greeks import analytical  # type: ignore[import-untyped,import-not-found]  # noqa: PLC0415
    from vollib.black.implied_volatility import implied_volatility  # type: ignore[import-untyped,import-not-found]  # noqa: PLC0415

    flags = ["c" if each > 0 else "p" for each in w]
    columns = [column.tolist() for column in (price, forward, strike, years, rate)]
    wanted = (analytical.delta, analytical.gamma, analytical.vega, analytical.theta)

    def one(p: float, f: float, k: float, t: float, r: float, flag: str) -> tuple[float, ...]:
        iv = implied_volatility(p, f, k, r, t, flag)
        return (iv, *(greek(flag, f, k, t, r, iv) for greek in wanted))

    return lambda: [one(*quote) for quote in zip(*columns, flags, strict=True)]


def opengreeks(
    price: Floats, w: Floats, forward: Floats, strike: Floats, years: Floats, rate: Floats
) -> Work:
    """Rust kernels over arrays of one right and one rate a call."""
    from opengreeks import black76  # type: ignore[import-untyped,import-not-found]  # noqa: PLC0415

    sides = [("c", w > 0), ("p", w < 0)]
    parts = [(flag, *(column[rows] for column in (price, forward, strike, years))) for flag, rows in sides]
    one_rate = float(rate[0])
    wanted = (black76.delta_array, black76.gamma_array, black76.vega_array, black76.theta_array)

    def side(flag: str, p: Floats, f: Floats, k: Floats, t: Floats) -> tuple[Any, ...]:
        iv = black76.implied_volatility_array(p, f, k, one_rate, t, flag)
        return (iv, *(greek(flag, f, k, t, one_rate, iv) for greek in wanted))

    return lambda: [side(*part) for part in parts]


def quantlib(price: Floats, w: Floats, forward: Floats, strike: Floats, years: Floats, rate: Floats) -> Work:
    """The safeguarded solver and the Black calculator, one quote a call; a failed quote counts as done."""
    import QuantLib as ql  # type: ignore[import-untyped,import-not-found]  # noqa: PLC0415, N813

    rights = [ql.Option.Call if each > 0 else ql.Option.Put for each in w]
    columns = [column.tolist() for column in (price, forward, strike, years, np.exp(-rate * years))]

    def one(p: float, f: float, k: float, t: float, df: float, right: int) -> tuple[float, ...] | None:
        try:
            spread = ql.blackFormulaImpliedStdDevLiRS(right, k, f, p, df, 0.0, ql.nullDouble(), 1.0, 1e-12)
        except RuntimeError:
            return None
        at = ql.BlackCalculator(ql.PlainVanillaPayoff(right, k), f, spread, df)
        return spread / t**0.5, at.deltaForward(), at.gammaForward(), at.vega(t), at.thetaPerDay(f, t)

    return lambda: [one(*quote) for quote in zip(*columns, rights, strict=True)]


PEERS: dict[str, Callable[..., Work]] = {"vollib": vollib, "opengreeks": opengreeks, "quantlib": quantlib}

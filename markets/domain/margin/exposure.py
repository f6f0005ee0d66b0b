"""Exposure margin (extreme loss margin) and the expiry-day add-on: shares of contract value, leg by leg.

Not netted: a hedge does not lower them. Futures count at their own price, short options at the underlying's
level, long options not at all. Rates are dated rules; the add-on on short index options that expire today is
that of SEBI/HO/MRD/TPD-1/P/CIR/2024/132 of 1 Oct 2024, in force since 20 Nov 2024.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from markets.domain.margin.legs import CALL, FUTURE, MarginLeg, Underlying, longer_than
from markets.domain.margin.parameters import MarginParameters
from qlplatform.core.money import round_half_up


def exposure_paise(leg: MarginLeg, underlying: Underlying, future_paise: int, p: MarginParameters) -> int:
    """Exposure margin of one leg. `future_paise` is the price of a future; options do not use it."""
    if leg.kind == FUTURE:
        return round_half_up(p.exposure * future_paise * abs(leg.qty))
    if leg.qty >= 0:
        return 0
    return round_half_up(_rate(leg, underlying, p) * underlying.spot_paise * -leg.qty)


def expiry_addon_paise(leg: MarginLeg, underlying: Underlying, day: date, p: MarginParameters) -> int:
    """What is added on `day` for a short option that expires on it."""
    if not leg.is_short_option or leg.expiry != day:
        return 0
    return round_half_up(p.expiry_addon * underlying.spot_paise * -leg.qty)


def _rate(leg: MarginLeg, underlying: Underlying, p: MarginParameters) -> Decimal:
    rate = p.exposure
    if _out_of_the_money(leg, underlying.spot_paise) > p.deep_from:
        rate = max(rate, p.exposure_deep)
    if longer_than(p.long_dated_months, underlying.on, leg.expiry):
        rate = max(rate, p.exposure_long)
    return rate


def _out_of_the_money(leg: MarginLeg, spot_paise: int) -> Decimal:
    """How far the strike lies out of the money, as a share of the underlying's level."""
    away = leg.strike_paise - spot_paise if leg.kind == CALL else spot_paise - leg.strike_paise
    return Decimal(away) / spot_paise

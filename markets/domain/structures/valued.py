"""Legs with price, volatility and Greeks: given, read from the market, or taken from the leg next to them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from markets.domain.pricing import black76
from markets.domain.pricing.black76 import Greeks
from markets.domain.pricing.forward import CARRY, FUTURE, PARITY, Forward
from markets.domain.pricing.implied import Code, implied
from markets.domain.pricing.payoff import PricedLeg
from markets.domain.pricing.spot import forward_of
from markets.domain.structures.legs import Finding, Leg, refuse

GIVEN, MARKET, MODEL = "GIVEN", "MARKET", "MODEL"
FUTURES_CODE = ""  # a future has no volatility, and no reason for having none


@dataclass(frozen=True, slots=True)
class Quoted:
    """A leg with its lot and, where somebody quotes it, its price in rupees."""

    leg: Leg
    lot_size: int
    price: float | None
    source: str

    @property
    def qty(self) -> int:
        """Signed units."""
        return self.leg.sign * self.leg.lots * self.lot_size

    @property
    def strike(self) -> float:
        return (self.leg.strike_paise or 0) / 100


@dataclass(frozen=True, slots=True)
class Term:
    """An expiry: years until it, and the forward there."""

    years: float
    forward: Forward


@dataclass(frozen=True, slots=True)
class Valued:
    """`iv` and `greeks` (of one unit) only where the leg's own price gives a volatility; `code` says why not.
    `vol` is the one to price with: its own or that of the nearest leg.
    """

    quoted: Quoted
    price: float
    source: str
    iv: float | None
    code: str
    vol: float
    greeks: Greeks | None

    def priced(self, term: Term, spot: float) -> PricedLeg:
        """For payoff and scenarios."""
        carry = math.log(term.forward.value / spot) / term.years if term.years > 0 else 0.0
        leg = self.quoted
        return PricedLeg(leg.leg.w, leg.strike, term.years, self.vol, leg.qty, self.price, carry)


def forward(legs: Sequence[Quoted], spot: float, years: float, rate: float, known: Forward | None) -> Forward:
    """The forward of the expiry these legs share: a future among them, what the market says, parity of the
    legs' own calls and puts, else the spot carried at the rate.
    """
    future = next((leg.price for leg in legs if not leg.leg.w and leg.price is not None), None)
    if future is not None:
        return Forward(future, FUTURE, stale=False)
    if known is not None:
        return known
    pairs = _parities(legs, years, rate)
    if pairs:
        return Forward(median(pairs), PARITY, stale=False)
    return Forward(float(forward_of(spot, years, rate)), CARRY, stale=True)


def _parities(legs: Sequence[Quoted], years: float, rate: float) -> list[float]:
    """F = K + (C - P) exp(rT) of every strike with both; prices that make it 0 or less tell nothing."""
    prices: dict[int, dict[float, float]] = {1: {}, -1: {}}
    for leg in legs:
        if leg.leg.w and leg.price is not None:
            prices[leg.leg.w][leg.strike] = leg.price
    calls, puts = prices[1], prices[-1]
    grown = math.exp(rate * years)
    found = [strike + (calls[strike] - puts[strike]) * grown for strike in calls if strike in puts]
    return [forward for forward in found if forward > 0]


def valued(legs: Sequence[Quoted], terms: Mapping[date, Term], rate: float) -> tuple[Valued, ...]:
    """Every leg with a price and a volatility.

    An option nobody prices gets the model's price at the volatility of the nearest leg; UserError
    `structure_invalid` with `price_missing` for each when no leg has one.
    """
    solved = [_implied(leg, terms[leg.leg.expiry], rate) for leg in legs]
    known = [(leg, iv) for leg, (iv, _) in zip(legs, solved, strict=True) if iv is not None]
    if not known:
        refuse(_unpriced(legs))
    return tuple(
        _future(leg, terms[leg.leg.expiry]) if not leg.leg.w else _option(leg, terms, rate, iv, code, known)
        for leg, (iv, code) in zip(legs, solved, strict=True)
    )


def _unpriced(legs: Sequence[Quoted]) -> list[Finding]:
    text = "Give this leg's price: neither the market nor another leg tells its volatility."
    return [
        Finding(f"/legs/{number}/price", "price_missing", text)
        for number, leg in enumerate(legs)
        if leg.leg.w and leg.price is None
    ]


def _implied(leg: Quoted, term: Term, rate: float) -> tuple[float | None, str]:
    if not leg.leg.w:
        return None, FUTURES_CODE
    price = math.nan if leg.price is None else leg.price
    found = implied(price, leg.leg.w, term.forward.value, leg.strike, term.years, rate)
    code = Code(int(found.code))
    return (float(found.iv) if code is Code.OK else None), code.name


def _future(leg: Quoted, term: Term) -> Valued:
    if leg.price is None:
        return Valued(leg, term.forward.value, MODEL, None, FUTURES_CODE, 0.0, None)
    return Valued(leg, leg.price, leg.source, None, FUTURES_CODE, 0.0, None)


def _option(
    leg: Quoted,
    terms: Mapping[date, Term],
    rate: float,
    iv: float | None,
    code: str,
    known: Sequence[tuple[Quoted, float]],
) -> Valued:
    term, w = terms[leg.leg.expiry], leg.leg.w
    vol = iv if iv is not None else _nearest(leg, known)
    if leg.price is None:
        price = float(black76.price(w, term.forward.value, leg.strike, term.years, vol, rate))
        return Valued(leg, price, MODEL, None, code, vol, None)
    greeks = None
    if iv is not None:
        greeks = black76.greeks(w, term.forward.value, leg.strike, term.years, iv, rate)
    return Valued(leg, leg.price, leg.source, iv, code, vol, greeks)


def _nearest(leg: Quoted, known: Sequence[tuple[Quoted, float]]) -> float:
    """The volatility of the nearest leg; 0 when every price is intrinsic value and none has one."""
    if not known:
        return 0.0
    return min(known, key=lambda each: _distance(leg, each[0]))[1]


def _distance(leg: Quoted, other: Quoted) -> tuple[int, float]:
    return abs((leg.leg.expiry - other.leg.expiry).days), abs(leg.strike - other.strike)

"""29 May 2026: NIFTY's levels, premiums and margins as published from the clearing corporation's settlement
file (README of the package marginism, "Numbers below are from the 29-May-2026 settlement file").

Premiums are the published ones of 65 units, divided by 65. Two had to be inferred: the 23700 put by parity
with the future, the 24000 call by interpolating volatility between 23700 and 24500.
"""

from __future__ import annotations

import math
from datetime import date

from markets.domain.margin import MarginLeg, ParameterBook, Underlying
from markets.domain.pricing import spot
from markets.domain.pricing.implied import implied
from tests.unit.markets.margin.book import margin_book

DAY, EXPIRY = date(2026, 5, 29), date(2026, 6, 30)
LOT = 65
SPOT_PAISE, FUTURE_PAISE = 23_547_75, 23_748_46
RATE, YEARS = 0.07, 32 / 365

NIFTY = Underlying("NIFTY", DAY, SPOT_PAISE)


def book() -> ParameterBook:
    return margin_book("NIFTY")


def call_vol(strike: float, price: float) -> float:
    forward = spot.forward_of(SPOT_PAISE / 100, YEARS, RATE)
    return float(implied(price, 1, forward, strike, YEARS, RATE).iv)


PREMIUMS = {
    (23_700, "CE"): 28_447 / LOT,
    (23_000, "PE"): 10_212 / LOT,
    (24_500, "CE"): 8_135 / LOT,
    (22_500, "PE"): 5_038 / LOT,
}
PREMIUMS[23_700, "PE"] = PREMIUMS[23_700, "CE"] - (FUTURE_PAISE / 100 - 23_700) * math.exp(-RATE * YEARS)
_low, _high = call_vol(23_700, PREMIUMS[23_700, "CE"]), call_vol(24_500, PREMIUMS[24_500, "CE"])
_between = _low + (_high - _low) * 300 / 800
PREMIUMS[24_000, "CE"] = float(spot.price(1, SPOT_PAISE / 100, 24_000, YEARS, _between, RATE))


def option(qty: int, strike: int, kind: str) -> MarginLeg:
    return MarginLeg(kind, EXPIRY, qty * LOT, strike * 100, round(PREMIUMS[strike, kind] * 100))


def future(qty: int) -> MarginLeg:
    return MarginLeg("FUT", EXPIRY, qty * LOT, price_paise=FUTURE_PAISE)

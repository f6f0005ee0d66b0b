"""Position limits of one person in one index, in futures equivalents (FutEq).

An option counts as its delta times its quantity: call N(d1), put N(d1) - 1, future 1, at the T-1 volatility
(the higher of underlying and futures, annualised) and the repo rate, time in calendar minutes of a 365-day
year (SEBI/HO/MRD/TPD-1/P/CIR/2025/79 of 29-May-2025; exchange procedure of 30-Sep-2025). Amounts are paise:
FutEq units times the price of the underlying.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from markets.domain.pricing import spot
from markets.domain.rules import RuleBook
from qlplatform.core.money import round_half_up

CRORE_PAISE = 1_00_00_000_00
INDEX = "INDEX"
INTRADAY, END_OF_DAY = "intraday", "eod"


@dataclass(frozen=True, slots=True)
class Held:
    """A position: `w` +1 call, -1 put, 0 future; `qty` signed units; strike in rupees, `years` to expiry."""

    w: int
    qty: int
    strike: float = 0.0
    years: float = 0.0


@dataclass(frozen=True, slots=True)
class FutEq:
    """Futures equivalents of an index: `long_paise` of what gains when it rises, `short_paise` of what gains
    when it falls, both positive.
    """

    long_paise: int
    short_paise: int

    @property
    def net_paise(self) -> int:
        """Signed: positive when the whole gains as the index rises."""
        return self.long_paise - self.short_paise


@dataclass(frozen=True, slots=True)
class Headroom:
    """What may be added before a limit is reached, in paise; negative when it is passed."""

    net_paise: int
    long_paise: int
    short_paise: int

    @property
    def within(self) -> bool:
        return min(self.net_paise, self.long_paise, self.short_paise) >= 0


def deltas(held: Sequence[Held], *, spot_price: float, vol: float, repo_rate: float) -> list[float]:
    """Delta of each position per unit: call N(d1), put N(d1) - 1, future 1. `vol` and `repo_rate` are
    decimals a year; volatility is that of the day before, not an implied one.
    """
    w = np.array([position.w for position in held], dtype=np.float64)
    strikes = np.array([position.strike or spot_price for position in held], dtype=np.float64)
    years = np.array([position.years for position in held], dtype=np.float64)
    options = spot.greeks(np.where(w == 0, 1.0, w), spot_price, strikes, years, vol, repo_rate).delta
    return [float(delta) for delta in np.where(w == 0, 1.0, options)]


def futures_equivalent(held: Sequence[Held], *, spot_paise: int, vol: float, repo_rate: float) -> FutEq:
    """FutEq of all positions of one person in one index, options and futures together."""
    per_unit = deltas(held, spot_price=spot_paise / 100, vol=vol, repo_rate=repo_rate)
    values = [
        round_half_up(Decimal(str(delta)) * position.qty * spot_paise)
        for delta, position in zip(per_unit, held, strict=True)
    ]
    return FutEq(sum(v for v in values if v > 0), -sum(v for v in values if v < 0))


def option_headroom(position: FutEq, rules: RuleBook, *, on: date, when: str = INTRADAY) -> Headroom:
    """Room below SEBI's limits of index options: net, and gross on each side. `when`: `intraday` or `eod`.

    Raises UserError `fact_missing` for dates before FutEq limits.
    """
    net = _crores(rules, f"limit_option_net_{when}", on)
    gross = _crores(rules, f"limit_option_gross_{when}", on)
    return Headroom(
        net_paise=net - abs(position.net_paise),
        long_paise=gross - position.long_paise,
        short_paise=gross - position.short_paise,
    )


def future_limit_paise(rules: RuleBook, *, open_interest_paise: int, on: date) -> int:
    """The limit of index futures of one person: the higher of a share of open interest and an amount."""
    share = rules.number("limit_future_oi", on, subject=INDEX)
    return max(int(open_interest_paise * share / 100), _crores(rules, "limit_future_min", on))


def _crores(rules: RuleBook, name: str, on: date) -> int:
    return int(rules.number(name, on, subject=INDEX) * CRORE_PAISE)
